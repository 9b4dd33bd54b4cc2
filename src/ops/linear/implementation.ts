import type { Halves, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { Planner } from '../../plan/planner.js';
import { planColumnSums, planProduct } from '../matmul/product.js';

/** y[R,P] = x[R,K]·weight[P,K]ᵀ + bias: one launch. */
const planForward: Planner = ({ dims: { R, P, K }, target, has }) =>
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
const planBackward: Planner = ({ dims: { R, P, K }, target, has, accumulate }) => {
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

export * as native from './native.js';
export * as reference from './reference.js';

export const halves: Halves = { operands: ['x', 'weight', 'dy'], exact: ['dbias'] };

export const plan: Planners = { forward: planForward, backward: planBackward };

export const cases: readonly OpCase[] = [
  { dims: { R: 1, P: 1, K: 1 } },
  { dims: { R: 1, P: 100, K: 100 } },
  { dims: { R: 2, P: 65, K: 10 }, without: ['bias'] },
  { dims: { R: 25, P: 65, K: 100 } },
  { dims: { R: 32, P: 64, K: 48 }, without: ['bias'] },
  { dims: { R: 67, P: 33, K: 35 } },
  { dims: { R: 1030, P: 6, K: 5 } },
  { dims: { R: 70, P: 1465, K: 64 }, thorough: true },
  { dims: { R: 1120, P: 1465, K: 256 }, thorough: true },
];
