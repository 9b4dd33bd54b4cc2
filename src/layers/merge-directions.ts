import { elementCount } from '../core/notation.js';
import { ops } from '../ops/index.js';
import type { GraphBuilder } from '../plan/graph.js';
import type { Tensor } from '../plan/tensor.js';

/** How the outputs of a layer's two directions are joined: side by side, or element by element. */
export const MERGES = ['concat', 'sum', 'mean', 'product'] as const;
export type Merge = (typeof MERGES)[number];

/**
 * Joins the outputs of both directions.
 * @param ahead outputs of the forward direction, [T,N,H]
 * @param back outputs of the reverse direction, [T,N,H]
 * @param output receives the result; default: an intermediate
 * @returns [T,N,2H] for `concat`, else [T,N,H]
 */
export function mergeDirections(
  builder: GraphBuilder,
  label: string,
  merge: Merge,
  ahead: Tensor,
  back: Tensor,
  output?: Tensor,
): Tensor {
  const [T, N, H] = ahead.shape;
  const place = (shape: readonly number[]): Record<string, Tensor> =>
    output ? { y: builder.view(output, shape) } : {};
  if (merge === 'concat') {
    const rows = [T * N, H];
    const joined = builder.apply(ops.concat, label, {
      a: builder.view(ahead, rows),
      b: builder.view(back, rows),
      ...place([T * N, 2 * H]),
    }).y;
    return builder.view(joined, [T, N, 2 * H]);
  }
  const flat = [elementCount(ahead.shape)];
  const pair = { a: builder.view(ahead, flat), b: builder.view(back, flat) };
  if (merge === 'mean') {
    const sum = builder.apply(ops.add, `${label}.sum`, pair).y;
    return builder.view(builder.apply(ops.affine, label, { x: sum, ...place(flat) }, { scale: 0.5 }).y, [
      T,
      N,
      H,
    ]);
  }
  return builder.view(
    builder.apply(merge === 'sum' ? ops.add : ops.multiply, label, { ...pair, ...place(flat) }).y,
    [T, N, H],
  );
}
