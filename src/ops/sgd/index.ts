import source from '../../../shaders/sgd/update.wgsl?raw';
import { defineOp, inout } from '../../plan/op.js';
import { unusable, updateFill, updateKernel, updatePlanner, updateTensors } from '../lib/update.js';
import * as native from './native.js';
import * as reference from './reference.js';

const kernel = updateKernel('sgd/update', source, ['velocity']);

/**
 * hyper = (rate, share of the gradient that enters the velocity, ·, ·): the share is 1 in step 1
 * and 1 − dampening afterwards, as in torch.optim.SGD.
 */
export const sgd = defineOp({
  name: 'sgd',
  about:
    'Stochastic gradient descent: v = momentum·v + share·g, w −= rate·v (nesterov: rate·(g + ' +
    'momentum·v); without velocity: rate·g), g with weight decay.',
  tensors: { ...updateTensors, velocity: inout(['E'], { optional: true }) },
  attributes: { momentum: 0, nesterov: false, weightDecay: 0, clipValue: 0 },
  reference,
  plan: {
    forward: updatePlanner(kernel, ({ momentum, nesterov, weightDecay }) => ({
      MOMENTUM: Number(momentum),
      NESTEROV: Boolean(nesterov),
      WEIGHT_DECAY: Number(weightDecay),
    })),
  },
  native,
  cases: [
    { dims: { E: 64 }, without: ['velocity'], fill: updateFill },
    {
      dims: { E: 704 },
      without: ['velocity'],
      attributes: { weightDecay: 0.1, clipValue: 0.25 },
      fill: updateFill,
    },
    { dims: { E: 4160 }, attributes: { momentum: 0.9 }, fill: updateFill },
    {
      dims: { E: 704 },
      attributes: { momentum: 0.9, nesterov: true, weightDecay: 1, clipValue: 1 },
      fill: updateFill,
    },
    {
      dims: { E: 704 },
      attributes: { momentum: 0.9 },
      fill: { ...updateFill, report: unusable, gradients: { values: [NaN, 1, Infinity] } },
    },
    { dims: { E: 65536 * 256 + 64 }, without: ['velocity'], fill: updateFill, thorough: true },
  ],
});
