import type { NativeCall } from '../../plan/native.js';
import type { NativePlanner } from '../../plan/planner.js';
import { nativeBatchedProduct } from '../lib/native-calls.js';
import type { Part } from './product.js';

function product({ dims, accumulate }: Parameters<NativePlanner>[0], part: Part): NativeCall {
  const [M, P, K] = part.sizes.map((letter) => dims[letter]);
  return nativeBatchedProduct({
    a: { of: part.of[0], transposed: part.layout === 'tn' },
    b: { of: part.of[1], transposed: part.layout === 'nt' },
    c: part.to,
    ...{ B: dims.B, N: dims.N, M, P, K, accumulate: accumulate.includes(part.to) },
  });
}

/** Planners of a layout, whose result and gradients are products alike. */
export function batched({ c, da, db }: { readonly c: Part; readonly da: Part; readonly db: Part }): {
  readonly forward: NativePlanner;
  readonly backward: NativePlanner;
} {
  return {
    forward: (request) => [product(request, c)],
    backward: (request) => [da, db].filter(({ to }) => request.has(to)).map((part) => product(request, part)),
  };
}
