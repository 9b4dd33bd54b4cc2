import type { Planner, PlanRequest } from '../../plan/op.js';
import { checkCut, launchCut, launchCutBackward, type Cut } from '../cut.js';

export const planForward: Planner = (request) => [launchCut(cutOf(request))];

export const planBackward: Planner = (request) => [launchCutBackward(cutOf(request), request.accumulate)];

function cutOf({ dims: { R, C, S }, attributes }: PlanRequest): Cut {
  return { rows: 1, width: R * C, part: S * C, start: checkCut('slice', 'rows', attributes.start, S, R) * C };
}
