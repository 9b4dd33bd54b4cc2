import backwardSource from '../../../shaders/divide/backward.wgsl?raw';
import forwardSource from '../../../shaders/divide/forward.wgsl?raw';
import { defineOp, input, output } from '../../plan/op.js';
import { planElementwise, valueKernel } from '../lib/elementwise.js';
import * as native from './native.js';
import * as reference from './reference.js';

const forward = valueKernel('divide/forward', [forwardSource], {
  a: 'read',
  b: 'read',
  y: 'read_write',
});

const backward = valueKernel('divide/backward', [backwardSource], {
  y: 'read',
  b: 'read',
  dy: 'read',
  da: 'read_write',
  db: 'read_write',
});

/** Divisors of both signs, away from zero, where a quotient's error is that of its operands. */
const fill = { b: { values: [0.7, -1.3, 2, 0.5, -3.1] } };

export const divide = defineOp({
  name: 'divide',
  about: 'Quotient of two tensors, element by element: y = a / b.',
  tensors: { a: input(['E']), b: input(['E']), y: output(['E']) },
  attributes: {},
  accumulates: ['da', 'db'],
  reference,
  plan: { forward: planElementwise(forward), backward: planElementwise(backward) },
  native,
  cases: [
    { dims: { E: 1 }, fill },
    { dims: { E: 67 }, fill },
    { dims: { E: 516 }, fill },
    { dims: { E: 65536 * 64 + 1 }, fill, thorough: true },
  ],
});
