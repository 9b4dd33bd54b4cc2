import type { NativePlanner } from '../../plan/planner.js';
import { nativeProduct } from '../lib/native-calls.js';

/** c = aᵀ·b */
export const forward: NativePlanner = ({ dims: { M, P, K } }) => [
  nativeProduct({ a: { of: 'a', width: M, transposed: true }, b: { of: 'b', width: P }, c: 'c', M, P, K }),
];

/** da = b·dcᵀ, db = a·dc */
export const backward: NativePlanner = ({ dims: { M, P, K }, has, accumulate }) => [
  ...(has('da')
    ? [
        nativeProduct({
          a: { of: 'b', width: P },
          b: { of: 'dc', width: P, transposed: true },
          c: 'da',
          M: K,
          P: M,
          K: P,
          accumulate: accumulate.includes('da'),
        }),
      ]
    : []),
  ...(has('db')
    ? [
        nativeProduct({
          a: { of: 'a', width: M },
          b: { of: 'dc', width: P },
          c: 'db',
          M: K,
          P,
          K: M,
          accumulate: accumulate.includes('db'),
        }),
      ]
    : []),
];
