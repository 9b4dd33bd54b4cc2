import { defineOp, input, output, type PlanRequest } from '../../plan/op.js';
import { checkCut, launchCut, launchCutBackward, type Cut } from '../lib/slicing.js';
import * as native from './native.js';
import * as reference from './reference.js';

function cutOf({ dims: { R, C, M }, attributes }: PlanRequest): Cut {
  return { rows: R, width: C, part: M, start: checkCut('slice_columns', 'columns', attributes.start, M, C) };
}

export const sliceColumns = defineOp({
  name: 'slice_columns',
  about: 'Some columns of a matrix, side by side: y[r,m] = x[r,start+m].',
  tensors: { x: input(['R', 'C']), y: output(['R', 'M']) },
  attributes: { start: 0 },
  accumulates: ['dx'],
  reference,
  plan: {
    forward: (request) => [launchCut(cutOf(request))],
    backward: (request) => [launchCutBackward(cutOf(request), request.accumulate)],
  },
  native,
  cases: [
    { dims: { R: 1, C: 1, M: 1 } },
    { dims: { R: 5, C: 7, M: 3 }, attributes: { start: 4 } },
    { dims: { R: 37, C: 16, M: 4 }, attributes: { start: 8 } },
    { dims: { R: 37, C: 16, M: 4 }, attributes: { start: 6 } },
    { dims: { R: 1120, C: 1024, M: 256 }, attributes: { start: 256 }, thorough: true },
  ],
});
