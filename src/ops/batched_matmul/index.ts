import { defineOp, input, output, type Op } from '../../plan/op.js';
import type { BatchedLayout } from './product.js';

function batchedProduct(name: string, layout: BatchedLayout, about: string): Op {
  return defineOp({
    name,
    about:
      `${about} of every batch row (b, n). With B = 1 the batch axis is the middle one, as in [T,N,C]; ` +
      'with N = 1 it is the first.',
    tensors: {
      a: input(layout === 'tn' ? ['B', 'K', 'N', 'M'] : ['B', 'M', 'N', 'K']),
      b: input(layout === 'nt' ? ['B', 'P', 'N', 'K'] : ['B', 'K', 'N', 'P']),
      c: output(['B', 'M', 'N', 'P']),
    },
    attributes: {
      /** `tiled` computes in register tiles; `simple` is what these are checked against. */
      variant: 'tiled',
    },
    accumulates: ['da', 'db'],
    backward: true,
    load: async () => (await import('./implementation.js')).implementations[layout],
  });
}

export const batchedMatmul = batchedProduct('batched_matmul', 'nn', 'Product c = a·b');
export const batchedMatmulNt = batchedProduct('batched_matmul_nt', 'nt', 'Product c = a·bᵀ');
export const batchedMatmulTn = batchedProduct('batched_matmul_tn', 'tn', 'Product c = aᵀ·b');
