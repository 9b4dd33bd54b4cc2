import type { Dims } from '../../core/notation.js';
import type { OpChains } from '../../plan/op.js';
import { planBackwardBegin } from '../recurrent/backward-begin.js';
import { diagonalBackward } from '../recurrent/diagonal-backward.js';
import { diagonalForward } from '../recurrent/diagonal-forward.js';
import * as kernels from './kernels.js';
import { planAfterBackward } from './plan.js';

const saved = ({ T, N, H }: Dims) => ({ h: (T + 1) * N * H, gates: 4 * T * N * H });

/** How the layers of a stack are planned together. */
export const chains: OpChains = {
  forward: diagonalForward({
    name: 'gru/forward',
    products: 3,
    gates: 3,
    reads: [],
    writes: ['h', 'gates'],
    left: 'h',
    elements: saved,
    sources: kernels.forwardSources,
  }),
  backward: diagonalBackward({
    name: 'gru/backward',
    products: 1,
    gates: 3,
    reads: ['h', 'gates'],
    writes: ['da', 'recurrent'],
    left: 'recurrent',
    elements: (dims) => {
      const { T, N, H } = dims;
      return { ...saved(dims), da: 3 * T * N * H, recurrent: (3 * T + 1) * N * H };
    },
    sources: kernels.backwardSources,
    constants: () => ({ LAST: false }),
    finals: { name: 'dhn', tensor: 'recurrent', at: '3u * T * N * H + i' },
    begin: (request) => planBackwardBegin(request, { gradients: 'recurrent', gates: 3, past: true }),
    after: planAfterBackward,
  }),
};
