import { defineOp, input, output } from '../../plan/op.js';
import { planElementwise } from '../elementwise.js';
import * as kernels from './kernels.js';
import * as reference from './reference.js';

export const add = defineOp({
  name: 'add',
  about: 'Sum of two tensors, element by element: y = a + b.',
  tensors: { a: input(['E']), b: input(['E']), y: output(['E']) },
  attributes: {},
  accumulates: ['da', 'db'],
  reference,
  plan: { forward: planElementwise(kernels.forward), backward: planElementwise(kernels.backward) },
  cases: [
    { dims: { E: 1 } },
    { dims: { E: 67 } },
    { dims: { E: 516 } },
    { dims: { E: 65536 * 64 + 1 }, thorough: true },
  ],
});
