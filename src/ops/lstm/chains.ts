import type { Dims } from '../../core/notation.js';
import type { OpChains } from '../../plan/op.js';
import { diagonalBackward } from '../recurrent/diagonal-backward.js';
import { diagonalForward } from '../recurrent/diagonal-forward.js';
import * as kernels from './kernels.js';
import { planAfterBackward, planBeforeBackward } from './plan.js';

const saved = ({ T, N, H }: Dims) => ({ states: (2 * T + 2) * N * H, gates: 4 * T * N * H });

/** How the layers of a stack are planned together. */
export const chains: OpChains = {
  forward: diagonalForward({
    name: 'lstm/forward',
    products: 4,
    gates: 4,
    reads: [],
    writes: ['states', 'gates'],
    left: 'states',
    elements: saved,
    sources: kernels.forwardSources,
  }),
  backward: diagonalBackward({
    name: 'lstm/backward',
    products: 1,
    gates: 4,
    reads: ['states', 'gates'],
    writes: ['da', 'carry'],
    left: 'da',
    elements: (dims) => ({ ...saved(dims), da: 4 * dims.T * dims.N * dims.H, carry: dims.N * dims.H }),
    sources: kernels.backwardSources,
    finals: { name: 'final', tensor: 'da', at: 'i' },
    begin: planBeforeBackward,
    after: planAfterBackward,
  }),
};
