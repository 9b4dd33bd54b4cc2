import type { Launch } from '../../plan/kernel.js';
import type { OpImplementation } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { PlanRequest } from '../../plan/planner.js';
import * as native from './native.js';
import { planBatchedProduct, type BatchedLayout, type Part } from './product.js';
import * as reference from './reference.js';

/** Forward and both gradients of each layout are products of the same three layouts. */
const PARTS: Readonly<Record<BatchedLayout, { readonly c: Part; readonly da: Part; readonly db: Part }>> = {
  nn: {
    c: { layout: 'nn', of: ['a', 'b'], to: 'c', sizes: ['M', 'P', 'K'] },
    da: { layout: 'nt', of: ['dc', 'b'], to: 'da', sizes: ['M', 'K', 'P'] },
    db: { layout: 'tn', of: ['a', 'dc'], to: 'db', sizes: ['K', 'P', 'M'] },
  },
  nt: {
    c: { layout: 'nt', of: ['a', 'b'], to: 'c', sizes: ['M', 'P', 'K'] },
    da: { layout: 'nn', of: ['dc', 'b'], to: 'da', sizes: ['M', 'K', 'P'] },
    db: { layout: 'tn', of: ['dc', 'a'], to: 'db', sizes: ['P', 'K', 'M'] },
  },
  tn: {
    c: { layout: 'tn', of: ['a', 'b'], to: 'c', sizes: ['M', 'P', 'K'] },
    da: { layout: 'nt', of: ['b', 'dc'], to: 'da', sizes: ['K', 'M', 'P'] },
    db: { layout: 'nn', of: ['a', 'dc'], to: 'db', sizes: ['K', 'P', 'M'] },
  },
};

function plan({ dims, attributes, target, accumulate }: PlanRequest, part: Part): Launch[] {
  const [M, P, K] = part.sizes.map((letter) => dims[letter]);
  return planBatchedProduct({
    layout: part.layout,
    B: dims.B,
    N: dims.N,
    M,
    P,
    K,
    a: part.of[0],
    b: part.of[1],
    c: part.to,
    accumulate: accumulate.includes(part.to),
    target,
    simple: attributes.variant === 'simple',
  });
}

const cases: readonly OpCase[] = [
  { dims: { B: 1, N: 1, M: 1, P: 1, K: 1 } },
  { dims: { B: 2, N: 3, M: 5, P: 7, K: 6 } },
  { dims: { B: 2, N: 3, M: 5, P: 7, K: 6 }, attributes: { variant: 'simple' } },
  { dims: { B: 1, N: 4, M: 4, P: 8, K: 12 } },
  { dims: { B: 5, N: 1, M: 9, P: 4, K: 3 } },
  // The least values of k of which a GPU splits the sum.
  { dims: { B: 1, N: 2, M: 4, P: 8, K: 64 }, minor: true },
  // Enough tiles of 8 by 8 for a software adapter: odd edges, and rows of four.
  { dims: { B: 1, N: 9, M: 19, P: 21, K: 10 } },
  { dims: { B: 3, N: 3, M: 20, P: 28, K: 32 } },
  { dims: { B: 1, N: 32, M: 52, P: 48, K: 256 }, thorough: true },
];

function implementationOf(layout: BatchedLayout): OpImplementation {
  const { c, da, db } = PARTS[layout];
  return {
    reference: reference[layout],
    plan: {
      forward: (request) => plan(request, c),
      backward: (request) => [
        ...(request.has('da') ? plan(request, da) : []),
        ...(request.has('db') ? plan(request, db) : []),
      ],
    },
    native: native.batched(PARTS[layout]),
    halves: { operands: ['a', 'b', 'dc'] },
    cases,
  };
}

export const implementations: Readonly<Record<BatchedLayout, OpImplementation>> = {
  nn: implementationOf('nn'),
  nt: implementationOf('nt'),
  tn: implementationOf('tn'),
};
