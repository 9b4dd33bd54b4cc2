import source from '../../../shaders/affine/forward.wgsl?raw';
import { lineGrid, type Launch } from '../../plan/kernel.js';
import { defineOp, input, output, type PlanRequest } from '../../plan/op.js';
import { valueKernel, WORKGROUP } from '../elementwise.js';
import { rowValues } from '../rows.js';
import * as reference from './reference.js';

const kernelOf = valueKernel('affine/forward', [source], { x: 'read', y: 'read_write' });

/** Backward is the same kernel on the gradients, without the shift. */
function plan({ dims, attributes, accumulate }: PlanRequest, x: string, y: string, shift: number): Launch[] {
  const { type, VEC4, COLUMNS: VALUES } = rowValues(dims.E);
  const grid = lineGrid(VALUES, WORKGROUP);
  const constants = {
    VALUES,
    VEC4,
    SCALE: Number(attributes.scale),
    SHIFT: shift,
    ADD_Y: accumulate.length > 0,
    WORKGROUP,
    GRID_X: grid[0],
  };
  return [{ kernel: kernelOf(type), constants, tensors: { x, y }, grid }];
}

export const affine = defineOp({
  name: 'affine',
  about: 'The same line through every element: y = scale · x + shift.',
  tensors: { x: input(['E']), y: output(['E']) },
  attributes: { scale: 1, shift: 0 },
  accumulates: ['dx'],
  reference,
  plan: {
    forward: (request) => plan(request, 'x', 'y', Number(request.attributes.shift)),
    backward: (request) => plan(request, 'dy', 'dx', 0),
  },
  cases: [
    { dims: { E: 1 }, attributes: { scale: -1, shift: 1 } },
    { dims: { E: 67 }, attributes: { scale: 0.5 } },
    { dims: { E: 516 }, attributes: { scale: 3, shift: -2.5 } },
    { dims: { E: 65536 * 64 + 1 }, attributes: { scale: 2 }, thorough: true },
  ],
});
