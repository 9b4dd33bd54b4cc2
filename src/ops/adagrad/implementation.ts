import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import source from '../../../shaders/adagrad/update.wgsl?raw';
import { unusable, updateFill, updateKernel, updatePlanner } from '../lib/optimizer-kernel.js';
import { nativeUpdate } from '../lib/native-calls.js';

const kernel = updateKernel('adagrad/update', source, ['sum']);

const fill = { ...updateFill, sum: { values: [0.3, 0, 1.2, 0.05, 7, 0.9, 1e-4] } };

export * as reference from './reference.js';

export const plan: Planners = {
  forward: updatePlanner(kernel, ({ epsilon, epsilonInside, weightDecay }) => ({
    EPSILON: Number(epsilon),
    EPSILON_INSIDE: Boolean(epsilonInside),
    WEIGHT_DECAY: Number(weightDecay),
  })),
};

export const native: NativePlanners = {
  forward: nativeUpdate('adagrad_update', ['sum'], (attributes) => [
    Number(attributes.epsilon),
    attributes.epsilonInside === true,
    Number(attributes.weightDecay),
    Number(attributes.clipValue),
  ]),
};

export const cases: readonly OpCase[] = [
  { dims: { E: 64 }, fill },
  { dims: { E: 4160 }, attributes: { epsilon: 1e-8, epsilonInside: true, clipValue: 0.5 }, fill },
  { dims: { E: 704 }, attributes: { weightDecay: 0.1, clipValue: 1 }, fill },
  // Padding has zero gradients and a zero sum.
  { dims: { E: 704 }, fill: { ...fill, gradients: { values: [0, 1] }, sum: { values: [0] } } },
  { dims: { E: 704 }, fill: { ...fill, report: unusable, gradients: { values: [NaN, 1, Infinity] } } },
];
