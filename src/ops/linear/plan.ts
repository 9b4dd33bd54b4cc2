import type { Planner } from '../../plan/op.js';
import { planColumnSums, planProduct } from '../matmul/product.js';

/** y[R,P] = x[R,K]·weight[P,K]ᵀ + bias: one launch. */
export const planForward: Planner = ({ dims: { R, P, K }, target, has }) =>
  planProduct({
    layout: 'NT',
    M: R,
    P,
    K,
    a: 'x',
    b: 'weight',
    c: 'y',
    ...(has('bias') ? { bias: 'bias' } : {}),
    target,
  });

/** dx = dy·weight, then dweight = dyᵀ·x with dbias in the same launch. */
export const planBackward: Planner = ({ dims: { R, P, K }, target, has, accumulate }) => {
  const adds = (name: string): boolean => accumulate.includes(name);
  const rowSums = has('dbias') ? { rowSums: 'dbias', accumulateRowSums: adds('dbias') } : {};
  return [
    ...(has('dx')
      ? planProduct({
          layout: 'NN',
          M: R,
          P: K,
          K: P,
          a: 'dy',
          b: 'weight',
          c: 'dx',
          accumulate: adds('dx'),
          target,
        })
      : []),
    ...(has('dweight')
      ? planProduct({
          layout: 'TN',
          M: P,
          P: K,
          K: R,
          a: 'dy',
          b: 'x',
          c: 'dweight',
          accumulate: adds('dweight'),
          ...rowSums,
          target,
        })
      : has('dbias')
        ? planColumnSums({ M: P, K: R }, 'dy', 'dbias', adds('dbias'))
        : []),
  ];
};
