import { lineGrid, type Launch } from '../../plan/kernel.js';
import type { Planner, PlanRequest } from '../../plan/op.js';
import { WORKGROUP } from '../elementwise.js';
import { isSoftware, rowValues } from '../rows.js';
import * as kernels from './kernels.js';

export const planForward: Planner = ({ dims, has }) => {
  const { type, VEC4, COLUMNS } = rowValues(dims.C);
  const grid = lineGrid(dims.R * COLUMNS, WORKGROUP);
  const tensors = { ids: 'ids', weight: 'weight', y: 'y', ...(has('bias') ? { bias: 'bias' } : {}) };
  return [{ kernel: kernels.forward(type), constants: { R: dims.R, V: dims.V, COLUMNS, VEC4, WORKGROUP, GRID_X: grid[0] }, tensors, grid }];
};

/** Up to this many rows, looking through all ids takes a GPU less time than another launch. */
const SCAN_ROWS = 256;

/** Values of one row that an invocation of a software adapter takes, so that finding the rows of an id is paid for once. */
const SOFTWARE_BLOCK = 8;

export const planBackward: Planner = (request) => {
  const scan = !request.has('dweight') || (!isSoftware(request.target) && request.dims.R <= SCAN_ROWS);
  return scan ? [planScan(request)] : planOrdered(request);
};

function planScan({ dims: { R, V, C }, has, accumulate }: PlanRequest): Launch {
  const { type, VEC4, COLUMNS } = rowValues(C);
  const VALUES = ((has('dbias') ? 1 : 0) + (has('dweight') ? V : 0)) * COLUMNS;
  const grid = lineGrid(VALUES, WORKGROUP);
  return {
    kernel: kernels.backwardScan(type),
    constants: { R, COLUMNS, VALUES, VEC4, ...additions(accumulate), WORKGROUP, GRID_X: grid[0] },
    tensors: { ids: 'ids', dy: 'dy', ...(has('dweight') ? { dweight: 'dweight' } : {}), ...(has('dbias') ? { dbias: 'dbias' } : {}) },
    grid,
  };
}

function planOrdered({ dims: { R, V, C }, has, accumulate, target }: PlanRequest): Launch[] {
  const { type, VEC4, COLUMNS } = rowValues(C);
  const { BIAS_PARTS } = kernels;
  const software = isSoftware(target);
  const shared = { R, V, COLUMNS, VEC4, BIAS_PARTS, WORKGROUP };
  const parts = has('dbias') ? { parts: 'parts' } : {};

  const orderGrid = lineGrid((software ? 1 : R + V) + (has('dbias') ? BIAS_PARTS * COLUMNS : 0), WORKGROUP);
  const order: Launch = {
    kernel: software ? kernels.orderRowsSerially(type) : kernels.orderRows(type),
    constants: { ...shared, ROWS_PER_PART: Math.ceil(R / BIAS_PARTS), GRID_X: orderGrid[0] },
    tensors: { ids: 'ids', order: 'order', ends: 'ends', ...(has('dbias') ? { dy: 'dy', ...parts } : {}) },
    grid: orderGrid,
  };

  const BLOCK = software ? Math.min(SOFTWARE_BLOCK, COLUMNS) : 1;
  const STRIDE = Math.ceil(COLUMNS / BLOCK);
  const ROWS = V + (has('dbias') ? 1 : 0);
  const sumGrid = lineGrid(ROWS * STRIDE, WORKGROUP);
  const sum: Launch = {
    kernel: kernels.backwardOrdered(type),
    constants: { ...shared, ROWS, BLOCK, STRIDE, ...additions(accumulate), GRID_X: sumGrid[0] },
    tensors: { order: 'order', ends: 'ends', dy: 'dy', dweight: 'dweight', ...parts, ...(has('dbias') ? { dbias: 'dbias' } : {}) },
    grid: sumGrid,
  };
  return [order, sum];
}

function additions(accumulate: readonly string[]): { ADD_WEIGHT: boolean; ADD_BIAS: boolean } {
  return { ADD_WEIGHT: accumulate.includes('dweight'), ADD_BIAS: accumulate.includes('dbias') };
}
