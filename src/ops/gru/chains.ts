import type { OpChains } from '../../plan/chaining.js';
import { planBackwardBegin } from '../recurrent/backward-begin.js';
import { diagonalChains } from '../recurrent/diagonal-chains.js';
import type * as kernels from './kernels.js';
import type * as plan from './plan.js';

/** The parts of the implementation that chains share with it. */
type Shared = Pick<typeof kernels, 'forwardSources' | 'backwardSources'> &
  Pick<typeof plan, 'planAfterBackward'>;

/** Returns how the layers of a stack are planned together. */
export const chainsOf = (shared: Shared): OpChains =>
  diagonalChains({
    name: 'gru',
    gates: 3,
    stored: ['h', 'gates'],
    forward: { left: 'h', sources: shared.forwardSources },
    backward: {
      left: 'recurrent',
      writes: ['da', 'recurrent'],
      sources: shared.backwardSources,
      constants: () => ({ LAST: false }),
      finals: { name: 'dhn', tensor: 'recurrent', at: '3u * T * N * H + i' },
      begin: (request) => planBackwardBegin(request, { gradients: 'recurrent', gates: 3, past: true }),
      after: shared.planAfterBackward,
    },
  });
