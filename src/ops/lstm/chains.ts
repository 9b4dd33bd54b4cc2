import type { OpChains } from '../../plan/chaining.js';
import { diagonalChains } from '../recurrent/diagonal-chains.js';
import type * as kernels from './kernels.js';
import type * as plan from './plan.js';

/** The parts of the implementation that chains share with it. */
type Shared = Pick<typeof kernels, 'forwardSources' | 'backwardSources'> &
  Pick<typeof plan, 'planAfterBackward' | 'planBeforeBackward'>;

/** Returns how the layers of a stack are planned together. */
export const chainsOf = (shared: Shared): OpChains =>
  diagonalChains({
    name: 'lstm',
    gates: 4,
    stored: ['states', 'gates'],
    forward: { left: 'states', sources: shared.forwardSources },
    backward: {
      left: 'da',
      writes: ['da', 'carry'],
      sources: shared.backwardSources,
      finals: { name: 'final', tensor: 'da', at: 'i' },
      begin: shared.planBeforeBackward,
      after: shared.planAfterBackward,
    },
  });
