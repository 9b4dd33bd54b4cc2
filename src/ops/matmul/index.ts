import { defineOp, input, output, weight, type Planner } from '../../plan/op.js';
import { planColumnSums, planProduct } from './product.js';
import * as native from './native.js';
import * as reference from './reference.js';

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

/**
 * da[M,K] = dc·bᵀ and db[K,P] = aᵀ·dc are products again; the sums over rows for dbias are a launch
 * of their own.
 */
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

export const matmul = defineOp({
  name: 'matmul',
  about: 'Matrix product: c = a·b + bias.',
  tensors: {
    a: input(['M', 'K']),
    b: input(['K', 'P']),
    bias: weight(['P'], { optional: true }),
    c: output(['M', 'P']),
  },
  attributes: {},
  accumulates: ['da', 'db', 'dbias'],
  reference,
  plan: { forward: planForward, backward: planBackward },
  native,
  cases: [
    { dims: { M: 1, P: 1, K: 1 } },
    { dims: { M: 1, P: 65, K: 7 } },
    { dims: { M: 3, P: 8, K: 12 }, without: ['bias'] },
    { dims: { M: 5, P: 1, K: 33 } },
    { dims: { M: 9, P: 17, K: 1 } },
    { dims: { M: 33, P: 36, K: 20 } },
    { dims: { M: 67, P: 65, K: 66 }, without: ['bias'] },
    { dims: { M: 129, P: 131, K: 40 } },
    { dims: { M: 320, P: 301, K: 256 }, thorough: true },
  ],
});
