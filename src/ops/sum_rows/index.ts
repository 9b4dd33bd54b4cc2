import backwardSource from '../../../shaders/sum_rows/backward.wgsl?raw';
import columnPerInvocationSource from '../../../shaders/sum_rows/column_per_invocation.wgsl?raw';
import columnsPerWorkgroupSource from '../../../shaders/sum_rows/columns_per_workgroup.wgsl?raw';
import { lineGrid, type Kernel, type Launch } from '../../plan/kernel.js';
import { defineOp, input, output, type PlanRequest } from '../../plan/op.js';
import { lineLaunch, valueKernel } from '../lib/elementwise.js';
import { rowValues, SOFTWARE_WORKGROUP } from '../lib/rows.js';
import { isSoftware } from '../lib/target.js';
import * as native from './native.js';
import * as reference from './reference.js';

/** The simple version, and the one for adapters with a handful of lanes. */
const columnPerInvocation = valueKernel('sum_rows/column_per_invocation', [columnPerInvocationSource], {
  x: 'read',
  y: 'read_write',
});

/** For GPUs: several invocations share a column. */
const columnsPerWorkgroup: Kernel = {
  name: 'sum_rows/columns_per_workgroup',
  sources: [columnsPerWorkgroupSource],
  bindings: { x: { access: 'read', type: 'f32' }, y: { access: 'read_write', type: 'f32' } },
};

const backward = valueKernel('sum_rows/backward', [backwardSource], { dy: 'read', dx: 'read_write' });

/**
 * Columns of one workgroup, side by side so that loads are contiguous, and invocations that share
 * each.
 */
const WIDTH = 8;
const DEPTH = 32;

/** The sum over the rows of `tensors.x`; other ops use it for the gradients of their biases. */
export function launchSumRows(
  { dims: { R, C }, target }: PlanRequest,
  tensors: { readonly x: string; readonly y: string },
  add: boolean,
): Launch {
  if (isSoftware(target)) {
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

export const sumRows = defineOp({
  name: 'sum_rows',
  about: 'Sum over rows, such as time and batch for the gradient of a bias: y[c] = Σ_r x[r,c].',
  tensors: { x: input(['R', 'C']), y: output(['C']) },
  attributes: {},
  reference,
  plan: {
    forward: (request) => [launchSumRows(request, { x: 'x', y: 'y' }, false)],
    backward: ({ dims: { R, C } }) => {
      const { type, VEC4, COLUMNS } = rowValues(C);
      return [lineLaunch(backward(type), R * COLUMNS, { R, COLUMNS, VEC4 })];
    },
  },
  native,
  cases: [
    { dims: { R: 1, C: 1 } },
    { dims: { R: 3, C: 67 } },
    { dims: { R: 131, C: 4 } },
    { dims: { R: 1120, C: 36 } },
    { dims: { R: 35, C: 1465 } },
    { dims: { R: 12800, C: 256 }, thorough: true },
  ],
});
