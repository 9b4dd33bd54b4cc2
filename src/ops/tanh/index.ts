import { defineOp, input, output } from '../../plan/op.js';
import { planBackward, planForward } from './plan.js';
import * as reference from './reference.js';

export const tanh = defineOp({
  name: 'tanh',
  about: 'Hyperbolic tangent of every element: y = tanh(x).',
  tensors: { x: input(['E']), y: output(['E']) },
  attributes: {},
  reference,
  plan: { forward: planForward, backward: planBackward },
  cases: [
    { dims: { E: 1 } },
    { dims: { E: 67 } },
    { dims: { E: 4096 }, fill: { x: { scale: 3 } } },
    // Large arguments: a tanh that overflows gives NaN here.
    { dims: { E: 130 }, fill: { x: { scale: 200 } } },
    { dims: { E: 130 }, fill: { x: { scale: 1e-3 } } },
    { dims: { E: 65536 * 64 + 1 }, thorough: true },
  ],
});
