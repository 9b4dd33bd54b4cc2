import { defineOp, input, output } from '../../plan/op.js';
import { planElementwise } from '../elementwise.js';
import * as kernels from './kernels.js';
import * as reference from './reference.js';

export const relu = defineOp({
  name: 'relu',
  about: 'Rectifier of every element: y = max(x, 0); its slope at 0 is taken as 0.',
  tensors: { x: input(['E']), y: output(['E']) },
  attributes: {},
  accumulates: ['dx'],
  reference,
  plan: { forward: planElementwise(kernels.forward), backward: planElementwise(kernels.backward) },
  cases: [
    { dims: { E: 1 } },
    { dims: { E: 67 } },
    { dims: { E: 4096 }, fill: { x: { scale: 3 } } },
    { dims: { E: 65536 * 64 + 1 }, thorough: true },
  ],
});
