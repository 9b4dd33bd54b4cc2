import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { PlanRequest } from '../../plan/planner.js';
import { checkedRangeStart, launchSlice, launchSliceBackward, type ColumnRange } from '../lib/slicing.js';
import { elementOf } from '../../plan/native.js';
import { copyRows, zeroUnless } from '../lib/native-calls.js';

function rangeOf({ dims: { R, C, S }, attributes }: PlanRequest): ColumnRange {
  return {
    rows: 1,
    width: R * C,
    part: S * C,
    start: checkedRangeStart('slice', 'rows', attributes.start, S, R) * C,
  };
}

export * as reference from './reference.js';

export const plan: Planners = {
  forward: (request) => [launchSlice(rangeOf(request))],
  backward: (request) => [launchSliceBackward(rangeOf(request), request.accumulate)],
};

export const native: NativePlanners = {
  forward: ({ dims: { S, C }, attributes }) => [
    copyRows({ of: 'y', width: C }, { of: elementOf('x', Number(attributes.start) * C), width: C }, S, C),
  ],
  backward: ({ dims: { R, S, C }, attributes, accumulate }) => {
    const adds = accumulate.includes('dx');
    const part = { of: elementOf('dx', Number(attributes.start) * C), width: C };
    return [...zeroUnless(adds, 'dx', R * C), copyRows(part, { of: 'dy', width: C }, S, C, adds)];
  },
};

export const cases: readonly OpCase[] = [
  { dims: { R: 1, C: 1, S: 1 } },
  { dims: { R: 7, C: 3, S: 2 }, attributes: { start: 4 } },
  { dims: { R: 7, C: 20, S: 1 }, attributes: { start: 6 } },
  { dims: { R: 131, C: 5, S: 67 }, attributes: { start: 63 } },
  { dims: { R: 35 * 32, C: 256, S: 32 }, attributes: { start: 64 }, thorough: true },
];
