import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { PlanRequest } from '../../plan/planner.js';
import { checkedRangeStart, launchSlice, launchSliceBackward, type ColumnRange } from '../lib/slicing.js';
import { elementOf } from '../../plan/native.js';
import { copyRows, zeroUnless } from '../lib/native-calls.js';

function rangeOf({ dims: { R, C, M }, attributes }: PlanRequest): ColumnRange {
  return {
    rows: R,
    width: C,
    part: M,
    start: checkedRangeStart('slice_columns', 'columns', attributes.start, M, C),
  };
}

export * as reference from './reference.js';

export const plan: Planners = {
  forward: (request) => [launchSlice(rangeOf(request))],
  backward: (request) => [launchSliceBackward(rangeOf(request), request.accumulate)],
};

export const native: NativePlanners = {
  forward: ({ dims: { R, C, M }, attributes }) => [
    copyRows({ of: 'y', width: M }, { of: elementOf('x', Number(attributes.start)), width: C }, R, M),
  ],
  backward: ({ dims: { R, C, M }, attributes, accumulate }) => {
    const adds = accumulate.includes('dx');
    const part = { of: elementOf('dx', Number(attributes.start)), width: C };
    return [...zeroUnless(adds, 'dx', R * C), copyRows(part, { of: 'dy', width: M }, R, M, adds)];
  },
};

export const cases: readonly OpCase[] = [
  { dims: { R: 1, C: 1, M: 1 } },
  { dims: { R: 5, C: 7, M: 3 }, attributes: { start: 4 } },
  { dims: { R: 37, C: 16, M: 4 }, attributes: { start: 8 } },
  { dims: { R: 37, C: 16, M: 4 }, attributes: { start: 6 } },
  { dims: { R: 1120, C: 1024, M: 256 }, attributes: { start: 256 }, thorough: true },
];
