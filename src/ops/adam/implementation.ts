import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import source from '../../../shaders/adam/update.wgsl?raw';
import { unusable, updateFill, updateKernel, updatePlanner } from '../lib/optimizer-kernel.js';
import { nativeUpdate } from '../lib/native-calls.js';

const kernel = updateKernel('adam/update', source, ['mean', 'square']);

const fill = { ...updateFill, mean: { scale: 0.3 }, square: { values: [0.3, 0.02, 1.2, 0.05, 7, 0.9, 0.1] } };

export * as reference from './reference.js';

export const plan: Planners = {
  forward: updatePlanner(kernel, ({ beta1, beta2, epsilon, weightDecay, decoupled }) => ({
    BETA1: Number(beta1),
    REST1: 1 - Number(beta1),
    BETA2: Number(beta2),
    REST2: 1 - Number(beta2),
    EPSILON: Number(epsilon),
    WEIGHT_DECAY: Number(weightDecay),
    DECOUPLED: Boolean(decoupled),
  })),
};

export const native: NativePlanners = {
  forward: nativeUpdate('adam_update', ['mean', 'square'], (attributes) => [
    Number(attributes.beta1),
    1 - Number(attributes.beta1),
    Number(attributes.beta2),
    1 - Number(attributes.beta2),
    Number(attributes.epsilon),
    Number(attributes.weightDecay),
    attributes.decoupled === true,
    Number(attributes.clipValue),
  ]),
};

export const cases: readonly OpCase[] = [
  { dims: { E: 64 }, fill },
  { dims: { E: 4160 }, attributes: { clipValue: 0.5 }, fill },
  { dims: { E: 704 }, attributes: { beta1: 0.5, beta2: 0.9, weightDecay: 0.1 }, fill },
  { dims: { E: 704 }, attributes: { weightDecay: 0.1, decoupled: true }, fill },
  // Padding has zero gradients and zero moments.
  {
    dims: { E: 704 },
    attributes: { beta1: 0 },
    fill: { ...fill, gradients: { values: [0, 1] }, mean: { values: [0] }, square: { values: [0] } },
  },
  // A large step from zero moments. With 1 − beta2 computed in single precision the result would be
  // off by 1.3e-5, of which half would show here.
  {
    dims: { E: 704 },
    tolerance: 3e-6,
    fill: {
      ...fill,
      hyper: { values: [10, 0.1, 0.001, 0] },
      mean: { values: [0] },
      square: { values: [0] },
    },
  },
  { dims: { E: 704 }, fill: { ...fill, report: unusable, gradients: { values: [NaN, 1, Infinity] } } },
];
