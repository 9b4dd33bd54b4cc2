import { defineOp, input, output, type Planner, type Reference } from '../../plan/op.js';
import { planProduct } from './product.js';

/** c = aᵀ·b */
const forward: Reference = ({ a, b, c }, { M, P, K }) => {
  for (let m = 0; m < M; m++) {
    for (let p = 0; p < P; p++) {
      let sum = 0;
      for (let k = 0; k < K; k++) sum += a[k * M + m] * b[k * P + p];
      c[m * P + p] = sum;
    }
  }
};

/** da = b·dcᵀ, db = a·dc */
const backward: Reference = ({ a, b, dc, da, db }, { M, P, K }) => {
  for (let k = 0; da && k < K; k++) {
    for (let m = 0; m < M; m++) {
      let sum = 0;
      for (let p = 0; p < P; p++) sum += b[k * P + p] * dc[m * P + p];
      da[k * M + m] = sum;
    }
  }
  for (let k = 0; db && k < K; k++) {
    for (let p = 0; p < P; p++) {
      let sum = 0;
      for (let m = 0; m < M; m++) sum += a[k * M + m] * dc[m * P + p];
      db[k * P + p] = sum;
    }
  }
};

const planForward: Planner = ({ dims: { M, P, K }, target }) =>
  planProduct({ layout: 'TN', M, P, K, a: 'a', b: 'b', c: 'c', target });

const planBackward: Planner = ({ dims: { M, P, K }, target, has, accumulate }) => [
  ...(has('da')
    ? planProduct({
        layout: 'NT',
        M: K,
        P: M,
        K: P,
        a: 'b',
        b: 'dc',
        c: 'da',
        accumulate: accumulate.includes('da'),
        target,
      })
    : []),
  ...(has('db')
    ? planProduct({
        layout: 'NN',
        M: K,
        P,
        K: M,
        a: 'a',
        b: 'dc',
        c: 'db',
        accumulate: accumulate.includes('db'),
        target,
      })
    : []),
];

export const matmulTn = defineOp({
  name: 'matmul_tn',
  about: 'Product of a transposed matrix with another: c = aᵀ·b.',
  tensors: { a: input(['K', 'M']), b: input(['K', 'P']), c: output(['M', 'P']) },
  attributes: {},
  accumulates: ['da', 'db'],
  reference: { forward, backward },
  plan: { forward: planForward, backward: planBackward },
  cases: [
    { dims: { M: 1, P: 1, K: 1 } },
    { dims: { M: 1, P: 5, K: 3 } },
    { dims: { M: 4, P: 4, K: 130 } },
    { dims: { M: 17, P: 9, K: 12 } },
    { dims: { M: 66, P: 65, K: 67 } },
    // Sums of 2,048 products of normal deviates reach 200, and rounding grows with the root of the
    // length: well inside the default.
    { dims: { M: 5, P: 6, K: 2048 } },
  ],
});
