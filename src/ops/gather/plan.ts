import { lineGrid, type Launch } from '../../plan/kernel.js';
import type { Planner, PlanRequest } from '../../plan/planner.js';
import type { PlanTarget } from '../../plan/target.js';
import { lineLaunch, WORKGROUP } from '../lib/elementwise.js';
import { rowValues } from '../lib/row-layout.js';
import { rulesOf } from '../lib/rules.js';
import { BIAS_PARTS } from './contract.js';
import * as kernels from './kernels.js';

export const planForward: Planner = ({ dims: { R, V, C }, target }) => {
  const { type, VEC4, COLUMNS } = rowValues(C);
  const { BLOCK, STRIDE } = blocks(COLUMNS, target);
  return [lineLaunch(kernels.forward(type), R * STRIDE, { R, V, COLUMNS, BLOCK, STRIDE, VEC4 })];
};

export const planBackward: Planner = (request) => {
  const scan = !request.has('dweight') || request.dims.R <= rulesOf(request.target).searchedRows;
  return scan ? [planScan(request)] : planOrdered(request);
};

/** One launch in which every value of the gradients searches all ids. */
function planScan({ dims: { R, V, C }, has, accumulate }: PlanRequest): Launch {
  const { type, VEC4, COLUMNS } = rowValues(C);
  const VALUES = ((has('dbias') ? 1 : 0) + (has('dweight') ? V : 0)) * COLUMNS;
  const constants = { R, COLUMNS, VALUES, VEC4, ...additions(accumulate) };
  return lineLaunch(kernels.backwardScan(type), VALUES, constants);
}

/** Two launches: one sorts the rows by id, the other adds up the rows of each id. */
function planOrdered({ dims: { R, V, C }, has, accumulate, target }: PlanRequest): Launch[] {
  const { type, VEC4, COLUMNS } = rowValues(C);
  const { sharesWork } = rulesOf(target);
  const shared = { R, V, COLUMNS, VEC4, BIAS_PARTS, WORKGROUP };

  const orderGrid = lineGrid((sharesWork ? R + V : 1) + (has('dbias') ? BIAS_PARTS * COLUMNS : 0), WORKGROUP);
  const order: Launch = {
    kernel: sharesWork ? kernels.orderRows(type) : kernels.orderRowsSerially(type),
    constants: { ...shared, ROWS_PER_PART: Math.ceil(R / BIAS_PARTS), GRID_X: orderGrid[0] },
    tensors: has('dbias') ? {} : { dy: undefined, parts: undefined },
    grid: orderGrid,
  };

  const { BLOCK, STRIDE } = blocks(COLUMNS, target);
  const ROWS = V + (has('dbias') ? 1 : 0);
  const sumGrid = lineGrid(ROWS * STRIDE, WORKGROUP);
  const sum: Launch = {
    kernel: kernels.backwardOrdered(type),
    constants: { ...shared, ROWS, BLOCK, STRIDE, ...additions(accumulate), GRID_X: sumGrid[0] },
    tensors: has('dbias') ? {} : { parts: undefined },
    grid: sumGrid,
  };
  return [order, sum];
}

/**
 * How invocations share a row: each takes BLOCK values, and STRIDE of them take the row. With several
 * values to an invocation, whatever a row has in common is loaded less often. But the four lanes that
 * a software adapter runs together must stay in one row.
 */
function blocks(columns: number, target: PlanTarget): { readonly BLOCK: number; readonly STRIDE: number } {
  const BLOCK = Math.min(rulesOf(target).valuesOfInvocation, Math.ceil(columns / 4));
  return { BLOCK, STRIDE: Math.ceil(columns / BLOCK) };
}

function additions(accumulate: readonly string[]): {
  readonly ADD_WEIGHT: boolean;
  readonly ADD_BIAS: boolean;
} {
  return { ADD_WEIGHT: accumulate.includes('dweight'), ADD_BIAS: accumulate.includes('dbias') };
}
