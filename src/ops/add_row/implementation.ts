import forwardSource from '../../../shaders/add_row/forward.wgsl?raw';
import passOnSource from '../../../shaders/add_row/pass_on.wgsl?raw';
import type { Launch } from '../../plan/kernel.js';
import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { PlanRequest } from '../../plan/planner.js';
import { valueKernel, valueLaunch, type ValueKernel } from '../lib/elementwise.js';
import { rowValues } from '../lib/row-layout.js';
import { launchSumRows } from '../sum_rows/launch.js';
import { copyRows, nativeColumnSums, overRows } from '../lib/native-calls.js';

const forward = valueKernel('add_row/forward', [forwardSource], { x: 'read', b: 'read', y: 'read_write' });

/** Copies dy to dx, or adds it. */
const passOn = valueKernel('add_row/pass_on', [passOnSource], { dy: 'read', dx: 'read_write' });

/** One invocation for each value of `[R,C]`. */
function launch(kernelOf: ValueKernel, { dims: { R, C }, accumulate }: PlanRequest): Launch {
  const values = rowValues(C);
  const { COLUMNS } = values;
  return valueLaunch(kernelOf, values, R * COLUMNS, { R, COLUMNS }, accumulate);
}

export * as reference from './reference.js';

export const plan: Planners = {
  forward: (request) => [launch(forward, request)],
  // db is the sum of dy over rows.
  backward: (request) => [
    ...(request.has('dx') ? [launch(passOn, request)] : []),
    ...(request.has('db')
      ? [launchSumRows(request, { x: 'dy', y: 'db' }, request.accumulate.includes('db'))]
      : []),
  ],
};

export const native: NativePlanners = {
  forward: ({ dims: { R, C } }) => [overRows('add_row', ['x', 'b', 'y', C], R, C)],
  backward: ({ dims: { R, C }, has, accumulate }) => [
    ...(has('dx')
      ? [copyRows({ of: 'dx', width: C }, { of: 'dy', width: C }, R, C, accumulate.includes('dx'))]
      : []),
    ...(has('db') ? [nativeColumnSums('dy', C, 'db', C, R, accumulate.includes('db'))] : []),
  ],
};

export const cases: readonly OpCase[] = [
  { dims: { R: 1, C: 1 } },
  { dims: { R: 3, C: 67 } },
  { dims: { R: 131, C: 20 } },
  { dims: { R: 12800, C: 256 }, thorough: true },
];
