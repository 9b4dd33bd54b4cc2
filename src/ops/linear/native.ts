import type { NativePlanner } from '../../plan/planner.js';
import { nativeColumnSums, nativeProduct } from '../lib/native-calls.js';

export const forward: NativePlanner = ({ dims: { R, P, K } }) => [
  nativeProduct({
    a: { of: 'x', width: K },
    b: { of: 'weight', width: K, transposed: true },
    c: 'y',
    M: R,
    P,
    K,
    bias: 'bias',
  }),
];

/** dx = dy·weight, dweight = dyᵀ·x, dbias = column sums of dy */
export const backward: NativePlanner = ({ dims: { R, P, K }, has, accumulate }) => [
  ...(has('dx')
    ? [
        nativeProduct({
          a: { of: 'dy', width: P },
          b: { of: 'weight', width: K },
          c: 'dx',
          M: R,
          P: K,
          K: P,
          accumulate: accumulate.includes('dx'),
        }),
      ]
    : []),
  ...(has('dweight')
    ? [
        nativeProduct({
          a: { of: 'dy', width: P, transposed: true },
          b: { of: 'x', width: K },
          c: 'dweight',
          M: P,
          P: K,
          K: R,
          accumulate: accumulate.includes('dweight'),
        }),
      ]
    : []),
  ...(has('dbias') ? [nativeColumnSums('dy', P, 'dbias', P, R, accumulate.includes('dbias'))] : []),
];
