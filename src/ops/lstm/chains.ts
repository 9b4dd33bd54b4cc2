import type { Dims } from '../../core/notation.js';
import type { OpChains } from '../../plan/chaining.js';
import { diagonalBackward } from '../recurrent/diagonal-backward.js';
import { diagonalForward } from '../recurrent/diagonal-forward.js';
import type * as kernels from './kernels.js';
import type * as plan from './plan.js';

const saved = ({ T, N, H }: Dims) => ({ states: (2 * T + 2) * N * H, gates: 4 * T * N * H });

/** The parts of the implementation that chains share with it. */
type Shared = Pick<typeof kernels, 'forwardSources' | 'backwardSources'> &
  Pick<typeof plan, 'planAfterBackward' | 'planBeforeBackward'>;

/** Returns how the layers of a stack are planned together. */
export const chainsOf = (shared: Shared): OpChains => ({
  forward: diagonalForward({
    name: 'lstm',
    products: 4,
    gates: 4,
    reads: [],
    writes: ['states', 'gates'],
    left: 'states',
    elements: saved,
    sources: shared.forwardSources,
  }),
  backward: diagonalBackward({
    name: 'lstm',
    products: 1,
    gates: 4,
    reads: ['states', 'gates'],
    writes: ['da', 'carry'],
    left: 'da',
    elements: (dims) => ({ ...saved(dims), da: 4 * dims.T * dims.N * dims.H, carry: dims.N * dims.H }),
    sources: shared.backwardSources,
    finals: { name: 'final', tensor: 'da', at: 'i' },
    begin: shared.planBeforeBackward,
    after: shared.planAfterBackward,
  }),
});
