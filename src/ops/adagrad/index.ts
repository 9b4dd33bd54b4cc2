import source from '../../../shaders/adagrad/update.wgsl?raw';
import { defineOp, inout } from '../../plan/op.js';
import { unusable, updateFill, updateKernel, updatePlanner, updateTensors } from '../lib/update.js';
import * as native from './native.js';
import * as reference from './reference.js';

const kernel = updateKernel('adagrad/update', source, ['sum']);
const fill = { ...updateFill, sum: { values: [0.3, 0, 1.2, 0.05, 7, 0.9, 1e-4] } };

/**
 * hyper = (rate, ·, ·, ·). torch.optim.Adagrad has epsilon outside the root, min-char-rnn inside.
 */
export const adagrad = defineOp({
  name: 'adagrad',
  about: 'Adagrad: m += g², w −= rate·g/(√m + epsilon), or rate·g/√(m + epsilon) with epsilonInside.',
  tensors: { ...updateTensors, sum: inout(['E'], { about: 'of squared gradients' }) },
  attributes: { epsilon: 1e-10, epsilonInside: false, weightDecay: 0, clipValue: 0 },
  reference,
  plan: {
    forward: updatePlanner(kernel, ({ epsilon, epsilonInside, weightDecay }) => ({
      EPSILON: Number(epsilon),
      EPSILON_INSIDE: Boolean(epsilonInside),
      WEIGHT_DECAY: Number(weightDecay),
    })),
  },
  native,
  cases: [
    { dims: { E: 64 }, fill },
    { dims: { E: 4160 }, attributes: { epsilon: 1e-8, epsilonInside: true, clipValue: 0.5 }, fill },
    { dims: { E: 704 }, attributes: { weightDecay: 0.1, clipValue: 1 }, fill },
    // Gradients of zero in a sum of zero, as padding has them.
    { dims: { E: 704 }, fill: { ...fill, gradients: { values: [0, 1] }, sum: { values: [0] } } },
    { dims: { E: 704 }, fill: { ...fill, report: unusable, gradients: { values: [NaN, 1, Infinity] } } },
  ],
});
