import source from '../../../shaders/multiply_adds/forward.wgsl?raw';
import { defineOp, input, output } from '../../plan/op.js';
import { lineLaunch, valueKernel } from '../lib/elementwise.js';
import { rowValues } from '../lib/rows.js';
import * as native from './native.js';
import * as reference from './reference.js';

const kernelOf = valueKernel('multiply_adds/forward', [source], { x: 'read', y: 'read_write' });

export const multiplyAdds = defineOp({
  name: 'multiply_adds',
  about:
    'A loop of multiply-adds in registers, 8 · rounds for each element: no layer needs it, the ' +
    'benchmark measures the ceiling of arithmetic with it.',
  tensors: { x: input(['E'], { differentiable: false }), y: output(['E']) },
  attributes: { rounds: 64 },
  reference,
  plan: {
    forward: ({ dims, attributes }) => {
      const { type, VEC4, COLUMNS: VALUES } = rowValues(dims.E);
      return [lineLaunch(kernelOf(type), VALUES, { VALUES, VEC4, ROUNDS: Number(attributes.rounds) })];
    },
  },
  native,
  cases: [
    { dims: { E: 1 }, attributes: { rounds: 1 } },
    { dims: { E: 67 }, attributes: { rounds: 3 } },
    { dims: { E: 516 } },
  ],
});
