import type { Dims } from '../../core/notation.js';
import type { OpChains } from '../../plan/chaining.js';
import { planBackwardBegin } from '../recurrent/backward-begin.js';
import { diagonalBackward } from '../recurrent/diagonal-backward.js';
import { diagonalForward } from '../recurrent/diagonal-forward.js';
import type * as kernels from './kernels.js';
import type * as plan from './plan.js';

const saved = ({ T, N, H }: Dims) => ({ h: (T + 1) * N * H, gates: 4 * T * N * H });

/** The parts of the implementation that chains share with it. */
type Shared = Pick<typeof kernels, 'forwardSources' | 'backwardSources'> &
  Pick<typeof plan, 'planAfterBackward'>;

/** Returns how the layers of a stack are planned together. */
export const chainsOf = (shared: Shared): OpChains => ({
  forward: diagonalForward({
    name: 'gru',
    products: 3,
    gates: 3,
    reads: [],
    writes: ['h', 'gates'],
    left: 'h',
    elements: saved,
    sources: shared.forwardSources,
  }),
  backward: diagonalBackward({
    name: 'gru',
    products: 1,
    gates: 3,
    reads: ['h', 'gates'],
    writes: ['da', 'recurrent'],
    left: 'recurrent',
    elements: (dims) => {
      const { T, N, H } = dims;
      return { ...saved(dims), da: 3 * T * N * H, recurrent: (3 * T + 1) * N * H };
    },
    sources: shared.backwardSources,
    constants: () => ({ LAST: false }),
    finals: { name: 'dhn', tensor: 'recurrent', at: '3u * T * N * H + i' },
    begin: (request) => planBackwardBegin(request, { gradients: 'recurrent', gates: 3, past: true }),
    after: shared.planAfterBackward,
  }),
});
