import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import source from '../../../shaders/rmsprop/update.wgsl?raw';
import { unusable, updateFill, updateKernel, updatePlanner } from '../lib/optimizer-kernel.js';
import { nativeUpdate } from '../lib/native-calls.js';

const kernel = updateKernel('rmsprop/update', source, ['square']);

const fill = { ...updateFill, square: { values: [0.3, 0, 1.2, 0.05, 7, 0.9, 1e-4] } };

export * as reference from './reference.js';

export const plan: Planners = {
  forward: updatePlanner(kernel, ({ decay, epsilon, weightDecay }) => ({
    DECAY: Number(decay),
    REST: 1 - Number(decay),
    EPSILON: Number(epsilon),
    WEIGHT_DECAY: Number(weightDecay),
  })),
};

export const native: NativePlanners = {
  forward: nativeUpdate('rmsprop_update', ['square'], (attributes) => [
    Number(attributes.decay),
    1 - Number(attributes.decay),
    Number(attributes.epsilon),
    Number(attributes.weightDecay),
    Number(attributes.clipValue),
  ]),
};

export const cases: readonly OpCase[] = [
  { dims: { E: 64 }, fill },
  { dims: { E: 4160 }, attributes: { decay: 0.95, clipValue: 0.5 }, fill },
  { dims: { E: 704 }, attributes: { decay: 0, epsilon: 1, weightDecay: 0.1 }, fill },
  { dims: { E: 704 }, fill: { ...fill, gradients: { values: [0, 1] }, square: { values: [0] } } },
  { dims: { E: 704 }, fill: { ...fill, report: unusable, gradients: { values: [NaN, 1, Infinity] } } },
];
