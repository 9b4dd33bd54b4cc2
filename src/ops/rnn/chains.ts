import type { OpChains } from '../../plan/chaining.js';
import { planBackwardBegin } from '../recurrent/backward-begin.js';
import { diagonalChains } from '../recurrent/diagonal-chains.js';
import { gradientsName } from '../recurrent/plan.js';
import type * as kernels from './kernels.js';
import type * as plan from './plan.js';

/** The parts of the implementation that chains share with it. */
type Shared = Pick<typeof kernels, 'forwardSources' | 'backwardSources'> &
  Pick<typeof plan, 'planAfterBackward' | 'stepConstants'>;

/** Returns how the layers of a stack are planned together. */
export const chainsOf = (shared: Shared): OpChains =>
  diagonalChains({
    name: 'rnn',
    gates: 1,
    stored: ['h'],
    forward: { left: 'h', sources: shared.forwardSources, constants: shared.stepConstants },
    backward: {
      left: 'da',
      writes: ['da'],
      sources: shared.backwardSources,
      constants: shared.stepConstants,
      finals: { name: 'dhn', tensor: 'da', at: 'step.t * N * H + i' },
      begin: (request) => planBackwardBegin(request, { gradients: gradientsName(request), gates: 1 }),
      after: shared.planAfterBackward,
    },
  });
