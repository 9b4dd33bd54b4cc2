import source from '../../../shaders/adam/update.wgsl?raw';
import { defineOp, inout } from '../../plan/op.js';
import { unusable, updateFill, updateKernel, updatePlanner, updateTensors } from '../lib/update.js';
import * as native from './native.js';
import * as reference from './reference.js';

const kernel = updateKernel('adam/update', source, ['mean', 'square']);
const fill = { ...updateFill, mean: { scale: 0.3 }, square: { values: [0.3, 0.02, 1.2, 0.05, 7, 0.9, 0.1] } };

/** hyper = (rate, 1 − beta1^t, 1 − beta2^t, ·) in step t, the first being 1. */
export const adam = defineOp({
  name: 'adam',
  about:
    'Adam: m = beta1·m + (1 − beta1)·g, v = beta2·v + (1 − beta2)·g², w −= rate·m̂/(√v̂ + epsilon) ' +
    'with m̂, v̂ freed from bias. AdamW: weight decay taken from w itself (decoupled).',
  tensors: {
    ...updateTensors,
    mean: inout(['E'], { about: 'running mean of gradients' }),
    square: inout(['E'], { about: 'running mean of squared gradients' }),
  },
  attributes: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, decoupled: false, clipValue: 0 },
  reference,
  plan: {
    forward: updatePlanner(kernel, ({ beta1, beta2, epsilon, weightDecay, decoupled }) => ({
      BETA1: Number(beta1),
      REST1: 1 - Number(beta1),
      BETA2: Number(beta2),
      REST2: 1 - Number(beta2),
      EPSILON: Number(epsilon),
      WEIGHT_DECAY: Number(weightDecay),
      DECOUPLED: Boolean(decoupled),
    })),
  },
  native,
  cases: [
    { dims: { E: 64 }, fill },
    { dims: { E: 4160 }, attributes: { clipValue: 0.5 }, fill },
    { dims: { E: 704 }, attributes: { beta1: 0.5, beta2: 0.9, weightDecay: 0.1 }, fill },
    { dims: { E: 704 }, attributes: { weightDecay: 0.1, decoupled: true }, fill },
    // Moments of zero and gradients of zero, as padding has them.
    {
      dims: { E: 704 },
      attributes: { beta1: 0 },
      fill: { ...fill, gradients: { values: [0, 1] }, mean: { values: [0] }, square: { values: [0] } },
    },
    // A large step from moments of zero: 1 − beta2 taken in single precision would be 1.3e-5 off,
    // half of which would show here.
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
  ],
});
