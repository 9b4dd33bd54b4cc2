import source from '../../../shaders/multiply_adds/forward.wgsl?raw';
import { lineGrid } from '../../plan/kernel.js';
import { defineOp, input, output } from '../../plan/op.js';
import { valueKernel, WORKGROUP } from '../elementwise.js';
import { rowValues } from '../rows.js';
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
      const grid = lineGrid(VALUES, WORKGROUP);
      return [
        {
          kernel: kernelOf(type),
          constants: { VALUES, VEC4, ROUNDS: Number(attributes.rounds), WORKGROUP, GRID_X: grid[0] },
          tensors: { x: 'x', y: 'y' },
          grid,
        },
      ];
    },
  },
  cases: [
    { dims: { E: 1 }, attributes: { rounds: 1 } },
    { dims: { E: 67 }, attributes: { rounds: 3 } },
    { dims: { E: 516 } },
  ],
});
