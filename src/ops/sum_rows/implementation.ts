import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import backwardSource from '../../../shaders/sum_rows/backward.wgsl?raw';
import { lineLaunch, valueKernel } from '../lib/elementwise.js';
import { rowValues } from '../lib/row-layout.js';
import { launchSumRows } from './launch.js';
import { copyRows, nativeColumnSums } from '../lib/native-calls.js';

const backward = valueKernel('sum_rows/backward', [backwardSource], { dy: 'read', dx: 'read_write' });

export * as reference from './reference.js';

export const plan: Planners = {
  forward: (request) => [launchSumRows(request, { x: 'x', y: 'y' }, false)],
  backward: ({ dims: { R, C } }) => {
    const { type, VEC4, COLUMNS } = rowValues(C);
    return [lineLaunch(backward(type), R * COLUMNS, { R, COLUMNS, VEC4 })];
  },
};

export const native: NativePlanners = {
  forward: ({ dims: { R, C } }) => [nativeColumnSums('x', C, 'y', C, R, false)],
  /** Every row of dx is dy. */
  backward: ({ dims: { R, C } }) => [copyRows({ of: 'dx', width: C }, { of: 'dy', width: 0 }, R, C)],
};

export const cases: readonly OpCase[] = [
  { dims: { R: 1, C: 1 } },
  { dims: { R: 3, C: 67 } },
  { dims: { R: 131, C: 4 } },
  { dims: { R: 1120, C: 36 } },
  { dims: { R: 35, C: 1465 } },
  { dims: { R: 12800, C: 256 }, thorough: true },
];
