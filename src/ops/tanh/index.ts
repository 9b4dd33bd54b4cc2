import { defineOp, input, output } from '../../plan/op.js';
import { planElementwise } from '../elementwise.js';
import * as kernels from './kernels.js';
import * as reference from './reference.js';

export const tanh = defineOp({
  name: 'tanh',
  about: 'Hyperbolic tangent of every element: y = tanh(x).',
  tensors: { x: input(['E']), y: output(['E']) },
  attributes: {},
  accumulates: ['dx'],
  reference,
  plan: { forward: planElementwise(kernels.forward), backward: planElementwise(kernels.backward) },
  cases: [
    { dims: { E: 1 } },
    { dims: { E: 67 } },
    { dims: { E: 4096 }, fill: { x: { scale: 3 } } },
    // Large arguments: a tanh that overflows gives NaN here.
    { dims: { E: 130 }, fill: { x: { scale: 200 } } },
    { dims: { E: 132 }, fill: { x: { scale: 200 } } },
    { dims: { E: 130 }, fill: { x: { scale: 1e-3 } } },
    { dims: { E: 65536 * 64 + 1 }, thorough: true },
  ],
});
