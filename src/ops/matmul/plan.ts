import type { Planner } from '../../plan/op.js';
import { planColumnSums, planProduct } from './product.js';

/** c[M,P] = a[M,K]·b[K,P] + bias */
export const planForward: Planner = ({ dims: { M, P, K }, target, has }) =>
  planProduct({
    layout: 'NN',
    M,
    P,
    K,
    a: 'a',
    b: 'b',
    c: 'c',
    ...(has('bias') ? { bias: 'bias' } : {}),
    target,
  });

/**
 * da[M,K] = dc·bᵀ and db[K,P] = aᵀ·dc are products again; the sums over rows for dbias are a launch
 * of their own.
 */
export const planBackward: Planner = ({ dims: { M, P, K }, target, has, accumulate }) => {
  const adds = (name: string): boolean => accumulate.includes(name);
  return [
    ...(has('da')
      ? planProduct({ layout: 'NT', M, P: K, K: P, a: 'dc', b: 'b', c: 'da', accumulate: adds('da'), target })
      : []),
    ...(has('db')
      ? planProduct({ layout: 'TN', M: K, P, K: M, a: 'a', b: 'dc', c: 'db', accumulate: adds('db'), target })
      : []),
    ...(has('dbias') ? planColumnSums({ M: P, K: M }, 'dc', 'dbias', adds('dbias')) : []),
  ];
};
