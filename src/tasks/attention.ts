import type { Expressions } from '../cells/expressions.js';
import { elementCount } from '../core/notation.js';
import { ops } from '../ops/index.js';
import { present, type Tensor } from '../plan/tensor.js';

/** How a decoder attends to its source; see `encoderDecoder`. */
export const DECODER_ATTENTIONS = ['none', 'dot', 'general', 'additive'] as const;
export type DecoderAttention = (typeof DECODER_ATTENTIONS)[number];

/** x·weightᵀ + bias over the last axis of x. */
export function project(e: Expressions, x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const [P, K] = weight.shape;
  const y = e.linear(e.view(x, [elementCount(x.shape) / K, K]), weight, bias);
  return e.view(y, [...x.shape.slice(0, -1), P]);
}

/** The result of `attendOver`. */
export interface Attended {
  /** [T,N,W] */
  readonly context: Tensor;
  /** [T,N,S] */
  readonly weights: Tensor;
}

/**
 * Attention by products, of all steps at once: weights = softmax(queries · keys) over the unpadded
 * positions of a row, context = Σ_s weights_s · memory_s.
 * @param queries [T,N,H]
 * @param keys [S,N,H]
 * @param memory [S,N,W]
 * @param lengths u32 [N]: number of positions of each row
 */
export function attendOver(
  e: Expressions,
  queries: Tensor,
  {
    keys,
    memory,
    lengths,
  }: { readonly keys: Tensor; readonly memory: Tensor; readonly lengths: Tensor | undefined },
): Attended {
  const { builder } = e;
  const four = (x: Tensor): Tensor => e.view(x, [1, ...x.shape]);
  const scores = builder.apply(ops.batched_matmul_nt, e.label('scores'), {
    a: four(queries),
    b: four(keys),
  }).c;
  const x = e.view(scores, scores.shape.slice(1));
  const weights = builder.apply(ops.masked_softmax, e.label('weights'), present({ x, lengths })).y;
  const context = builder.apply(ops.batched_matmul, e.label('context'), {
    a: four(weights),
    b: four(memory),
  }).c;
  return { context: e.view(context, context.shape.slice(1)), weights };
}

/**
 * Additive attention of the states [N,H] over the unpadded positions of a row, as one fused step.
 */
export function attendOnce(
  e: Expressions,
  state: Tensor,
  tensors: {
    readonly weight_query: Tensor;
    readonly weight_score: Tensor;
    readonly keys: Tensor;
    readonly values: Tensor;
    readonly lengths: Tensor | undefined;
  },
): { readonly context: Tensor; readonly weights: Tensor } {
  const { context, attention } = e.builder.apply(
    ops.attend,
    e.label('attend'),
    present({ state, ...tensors }),
  );
  return { context, weights: attention };
}
