import source from '../../../shaders/rmsprop/update.wgsl?raw';
import { defineOp, inout } from '../../plan/op.js';
import { unusable, updateFill, updateKernel, updatePlanner, updateTensors } from '../lib/update.js';
import * as native from './native.js';
import * as reference from './reference.js';

const kernel = updateKernel('rmsprop/update', source, ['square']);
const fill = { ...updateFill, square: { values: [0.3, 0, 1.2, 0.05, 7, 0.9, 1e-4] } };

/**
 * hyper = (rate, ·, ·, ·). Epsilon stands outside the root, as in torch.optim.RMSprop and in
 * char-rnn.
 */
export const rmsprop = defineOp({
  name: 'rmsprop',
  about: 'RMSprop: m = decay·m + (1 − decay)·g², w −= rate·g/(√m + epsilon).',
  tensors: { ...updateTensors, square: inout(['E'], { about: 'running mean of squared gradients' }) },
  attributes: { decay: 0.99, epsilon: 1e-8, weightDecay: 0, clipValue: 0 },
  reference,
  plan: {
    forward: updatePlanner(kernel, ({ decay, epsilon, weightDecay }) => ({
      DECAY: Number(decay),
      REST: 1 - Number(decay),
      EPSILON: Number(epsilon),
      WEIGHT_DECAY: Number(weightDecay),
    })),
  },
  native,
  cases: [
    { dims: { E: 64 }, fill },
    { dims: { E: 4160 }, attributes: { decay: 0.95, clipValue: 0.5 }, fill },
    { dims: { E: 704 }, attributes: { decay: 0, epsilon: 1, weightDecay: 0.1 }, fill },
    { dims: { E: 704 }, fill: { ...fill, gradients: { values: [0, 1] }, square: { values: [0] } } },
    { dims: { E: 704 }, fill: { ...fill, report: unusable, gradients: { values: [NaN, 1, Infinity] } } },
  ],
});
