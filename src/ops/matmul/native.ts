import type { NativePlanner } from '../../plan/planner.js';
import { nativeColumnSums, nativeProduct } from '../lib/native-calls.js';

export const forward: NativePlanner = ({ dims: { M, P, K } }) => [
  nativeProduct({ a: { of: 'a', width: K }, b: { of: 'b', width: P }, c: 'c', M, P, K, bias: 'bias' }),
];

/** da = dc·bᵀ, db = aᵀ·dc, dbias = column sums of dc */
export const backward: NativePlanner = ({ dims: { M, P, K }, has, accumulate }) => [
  ...(has('da')
    ? [
        nativeProduct({
          a: { of: 'dc', width: P },
          b: { of: 'b', width: P, transposed: true },
          c: 'da',
          M,
          P: K,
          K: P,
          accumulate: accumulate.includes('da'),
        }),
      ]
    : []),
  ...(has('db')
    ? [
        nativeProduct({
          a: { of: 'a', width: K, transposed: true },
          b: { of: 'dc', width: P },
          c: 'db',
          M: K,
          P,
          K: M,
          accumulate: accumulate.includes('db'),
        }),
      ]
    : []),
  ...(has('dbias') ? [nativeColumnSums('dc', P, 'dbias', P, M, accumulate.includes('dbias'))] : []),
];
