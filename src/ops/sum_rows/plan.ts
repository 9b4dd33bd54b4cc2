import { lineGrid, type Launch } from '../../plan/kernel.js';
import type { Planner, PlanRequest } from '../../plan/op.js';
import { WORKGROUP } from '../elementwise.js';
import { rowValues, SOFTWARE_WORKGROUP } from '../rows.js';
import { isSoftware } from '../target.js';
import * as kernels from './kernels.js';

/**
 * Columns of one workgroup, side by side so that loads are contiguous, and invocations that share
 * each.
 */
const WIDTH = 8;
const DEPTH = 32;

export const planForward: Planner = (request) => [launchSumRows(request, { x: 'x', y: 'y' }, false)];

/** The sum over the rows of `tensors.x`; other ops use it for the gradients of their biases. */
export function launchSumRows(
  { dims: { R, C }, target }: PlanRequest,
  tensors: { readonly x: string; readonly y: string },
  add: boolean,
): Launch {
  if (isSoftware(target)) {
    const { type, VEC4, COLUMNS } = rowValues(C);
    const grid = lineGrid(COLUMNS, SOFTWARE_WORKGROUP);
    return {
      kernel: kernels.columnPerInvocation(type),
      constants: { R, COLUMNS, VEC4, ADD_Y: add, WORKGROUP: SOFTWARE_WORKGROUP, GRID_X: grid[0] },
      tensors,
      grid,
    };
  }
  const grid = lineGrid(C, WIDTH);
  return {
    kernel: kernels.columnsPerWorkgroup,
    constants: { R, C, ADD_Y: add, WIDTH, DEPTH, GRID_X: grid[0] },
    tensors,
    grid,
  };
}

export const planBackward: Planner = ({ dims: { R, C } }) => {
  const { type, VEC4, COLUMNS } = rowValues(C);
  const grid = lineGrid(R * COLUMNS, WORKGROUP);
  return [
    {
      kernel: kernels.backward(type),
      constants: { R, COLUMNS, VEC4, WORKGROUP, GRID_X: grid[0] },
      tensors: { dy: 'dy', dx: 'dx' },
      grid,
    },
  ];
};
