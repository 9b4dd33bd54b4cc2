import columnPerInvocationSource from '../../../shaders/sum_rows/column_per_invocation.wgsl?raw';
import columnsPerWorkgroupSource from '../../../shaders/sum_rows/columns_per_workgroup.wgsl?raw';
import { lineGrid, type Kernel, type Launch } from '../../plan/kernel.js';
import type { PlanRequest } from '../../plan/planner.js';
import { lineLaunch, valueKernel } from '../lib/elementwise.js';
import { rowValues, SOFTWARE_WORKGROUP } from '../lib/row-layout.js';
import { rulesOf } from '../lib/rules.js';

/** One invocation sums a column: the simple kernel, used on software adapters. */
const columnPerInvocation = valueKernel('sum_rows/column_per_invocation', [columnPerInvocationSource], {
  x: 'read',
  y: 'read_write',
});

/** Several invocations share a column: the kernel for GPUs. */
const columnsPerWorkgroup: Kernel = {
  name: 'sum_rows/columns_per_workgroup',
  sources: [columnsPerWorkgroupSource],
  bindings: { x: { access: 'read', type: 'f32' }, y: { access: 'read_write', type: 'f32' } },
};

/**
 * A workgroup takes WIDTH neighbouring columns, so that loads are contiguous, and DEPTH invocations
 * share each of them.
 */
const WIDTH = 8;
const DEPTH = 32;

/** Sums the rows of `tensors.x`. Other ops use it for the gradients of their biases. */
export function launchSumRows(
  { dims: { R, C }, target }: PlanRequest,
  tensors: { readonly x: string; readonly y: string },
  add: boolean,
): Launch {
  if (!rulesOf(target).sharesWork) {
    const { type, VEC4, COLUMNS } = rowValues(C);
    const constants = { R, COLUMNS, VEC4, ADD_Y: add };
    return { ...lineLaunch(columnPerInvocation(type), COLUMNS, constants, SOFTWARE_WORKGROUP), tensors };
  }
  const grid = lineGrid(C, WIDTH);
  return {
    kernel: columnsPerWorkgroup,
    constants: { R, C, ADD_Y: add, WIDTH, DEPTH, GRID_X: grid[0] },
    tensors,
    grid,
  };
}
