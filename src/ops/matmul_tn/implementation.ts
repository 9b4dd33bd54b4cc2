import type { Halves, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { Planner } from '../../plan/planner.js';
import { planProduct } from '../matmul/product.js';

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

export * as native from './native.js';
export * as reference from './reference.js';

export const halves: Halves = { operands: ['a', 'b', 'dc'] };

export const plan: Planners = { forward: planForward, backward: planBackward };

export const cases: readonly OpCase[] = [
  { dims: { M: 1, P: 1, K: 1 } },
  { dims: { M: 1, P: 5, K: 3 } },
  { dims: { M: 4, P: 4, K: 130 } },
  { dims: { M: 17, P: 9, K: 12 } },
  { dims: { M: 66, P: 65, K: 67 } },
  // Sums of 2,048 products of normal deviates reach 200, and rounding grows with the root of the
  // length: well inside the default.
  { dims: { M: 5, P: 6, K: 2048 } },
];
