import type { OpChains } from '../../plan/chaining.js';
import { planBackwardBegin } from '../recurrent/backward-begin.js';
import { diagonalBackward } from '../recurrent/diagonal-backward.js';
import { diagonalForward } from '../recurrent/diagonal-forward.js';
import { gradientsName } from '../recurrent/plan.js';
import type * as kernels from './kernels.js';
import type * as plan from './plan.js';

/** The parts of the implementation that chains share with it. */
type Shared = Pick<typeof kernels, 'forwardSources' | 'backwardSources'> &
  Pick<typeof plan, 'planAfterBackward' | 'stepConstants'>;

/** Returns how the layers of a stack are planned together. */
export const chainsOf = (shared: Shared): OpChains => ({
  forward: diagonalForward({
    name: 'rnn',
    products: 1,
    gates: 1,
    reads: [],
    writes: ['h'],
    left: 'h',
    elements: ({ T, N, H }) => ({ h: (T + 1) * N * H }),
    sources: shared.forwardSources,
    constants: shared.stepConstants,
  }),
  backward: diagonalBackward({
    name: 'rnn',
    products: 1,
    gates: 1,
    reads: ['h'],
    writes: ['da'],
    left: 'da',
    elements: ({ T, N, H }) => ({ h: (T + 1) * N * H, da: T * N * H }),
    sources: shared.backwardSources,
    constants: shared.stepConstants,
    finals: { name: 'dhn', tensor: 'da', at: 'step.t * N * H + i' },
    begin: (request) => planBackwardBegin(request, { gradients: gradientsName(request), gates: 1 }),
    after: shared.planAfterBackward,
  }),
});
