import type { Halves, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { Planner } from '../../plan/planner.js';
import { planColumnSums, planProduct } from './product.js';

/** c[M,P] = a[M,K]·b[K,P] + bias */
const planForward: Planner = ({ dims: { M, P, K }, target, has }) =>
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

/** da[M,K] = dc·bᵀ, db[K,P] = aᵀ·dc, dbias = sums of the columns of dc: a launch for each. */
const planBackward: Planner = ({ dims: { M, P, K }, target, has, accumulate }) => {
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

export * as native from './native.js';
export * as reference from './reference.js';

export const halves: Halves = { operands: ['a', 'b', 'dc'], exact: ['dbias'] };

export const plan: Planners = { forward: planForward, backward: planBackward };

export const cases: readonly OpCase[] = [
  { dims: { M: 1, P: 1, K: 1 } },
  { dims: { M: 1, P: 65, K: 7 } },
  { dims: { M: 3, P: 8, K: 12 }, without: ['bias'] },
  { dims: { M: 5, P: 1, K: 33 } },
  { dims: { M: 9, P: 17, K: 1 } },
  { dims: { M: 33, P: 36, K: 20 } },
  { dims: { M: 67, P: 65, K: 66 }, without: ['bias'] },
  { dims: { M: 129, P: 131, K: 40 } },
  { dims: { M: 320, P: 301, K: 256 }, thorough: true },
];
