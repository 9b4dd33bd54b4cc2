import backwardSource from '../../../shaders/subtract/backward.wgsl?raw';
import forwardSource from '../../../shaders/subtract/forward.wgsl?raw';
import { defineOp, input, output } from '../../plan/op.js';
import { planElementwise, valueKernel } from '../lib/elementwise.js';
import * as native from './native.js';
import * as reference from './reference.js';

const forward = valueKernel('subtract/forward', [forwardSource], { a: 'read', b: 'read', y: 'read_write' });

const backward = valueKernel('subtract/backward', [backwardSource], {
  dy: 'read',
  da: 'read_write',
  db: 'read_write',
});

export const subtract = defineOp({
  name: 'subtract',
  about: 'Difference of two tensors, element by element: y = a − b.',
  tensors: { a: input(['E']), b: input(['E']), y: output(['E']) },
  attributes: {},
  accumulates: ['da', 'db'],
  reference,
  plan: { forward: planElementwise(forward), backward: planElementwise(backward) },
  native,
  cases: [
    { dims: { E: 1 } },
    { dims: { E: 67 } },
    { dims: { E: 516 } },
    { dims: { E: 65536 * 64 + 1 }, thorough: true },
  ],
});
