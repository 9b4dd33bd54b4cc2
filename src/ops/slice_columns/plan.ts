import type { Planner, PlanRequest } from '../../plan/op.js';
import { checkCut, launchCut, launchCutBackward, type Cut } from '../cut.js';

export const planForward: Planner = (request) => [launchCut(cutOf(request))];

export const planBackward: Planner = (request) => [launchCutBackward(cutOf(request), request.accumulate)];

function cutOf({ dims: { R, C, M }, attributes }: PlanRequest): Cut {
  return { rows: R, width: C, part: M, start: checkCut('slice_columns', 'columns', attributes.start, M, C) };
}
