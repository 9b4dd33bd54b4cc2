import type { OpChains } from '../../plan/op.js';
import { planBackwardBegin } from '../recurrent/backward-begin.js';
import { diagonalBackward } from '../recurrent/diagonal-backward.js';
import { diagonalForward } from '../recurrent/diagonal-forward.js';
import { gradientsName } from '../recurrent/plan.js';
import * as kernels from './kernels.js';
import { planAfterBackward, stepConstants } from './plan.js';

/** How the layers of a stack are planned together. */
export const chains: OpChains = {
  forward: diagonalForward({
    name: 'rnn/forward',
    products: 1,
    gates: 1,
    reads: [],
    writes: ['h'],
    left: 'h',
    elements: ({ T, N, H }) => ({ h: (T + 1) * N * H }),
    sources: kernels.forwardSources,
    constants: stepConstants,
  }),
  backward: diagonalBackward({
    name: 'rnn/backward',
    products: 1,
    gates: 1,
    reads: ['h'],
    writes: ['da'],
    left: 'da',
    elements: ({ T, N, H }) => ({ h: (T + 1) * N * H, da: T * N * H }),
    sources: kernels.backwardSources,
    constants: stepConstants,
    finals: { name: 'dhn', tensor: 'da', at: 'step.t * N * H + i' },
    begin: (request) => planBackwardBegin(request, { gradients: gradientsName(request), gates: 1 }),
    after: planAfterBackward,
  }),
};
