import { ops } from '../ops/index.js';
import type { GraphBuilder } from '../plan/graph.js';
import { present, type Tensor } from '../plan/tensor.js';
import type { CellRecord, StepInputs } from './cell.js';
import { Expressions } from './expressions.js';
import { joinRows } from './general.js';

/** Inputs of a decoder with additive attention for a window. G is the cell's number of gates. */
export interface AttentionDecoderInputs extends StepInputs {
  /** W_ih·x_t + b_ih of all steps, without the columns of W_ih for the context: [T,N,G*H]. */
  readonly projected: Tensor;
  /** Initial states [N,H] by name. */
  readonly initial: Readonly<Record<string, Tensor>>;
  /** [A,H] */
  readonly weightQuery: Tensor;
  /** [1,A] */
  readonly weightScore: Tensor;
  /** Projected source, which is compared with queries: [S,N,A]. */
  readonly keys: Tensor;
  /** Source times the columns of W_ih for the context: [S,N,G*H]. */
  readonly values: Tensor;
  /** u32 [N]: time steps of each row. Undefined: T. */
  readonly lengths: Tensor | undefined;
  /** u32 [N]: positions of each row's source. Undefined: S. */
  readonly sourceLengths: Tensor | undefined;
}

/** Results of a decoder with attention. */
export interface AttentionDecoderResults {
  /** [T,N,H] */
  readonly output: Tensor;
  /** Attention weights, [T,N,S]. */
  readonly attention: Tensor;
  /** Final states [N,H] by name. */
  readonly final: Readonly<Record<string, Tensor>>;
}

/**
 * A decoder with additive attention from general ops, step by step. Tests check the fused ops
 * `attention_rnn`, `attention_lstm` and `attention_gru` against it.
 */
export function generalAttentionDecoder(
  builder: GraphBuilder,
  label: string,
  { facts: { states: names }, step: makeStep }: CellRecord,
  inputs: AttentionDecoderInputs,
): AttentionDecoderResults {
  const { projected, initial, lengths } = inputs;
  const [T, N, rows] = projected.shape;
  const [S] = inputs.keys.shape;
  const e = new Expressions(builder, label);
  const step = makeStep(e, inputs);
  const all = builder.view(projected, [T * N, rows]);
  let states = Object.fromEntries(names.map((name) => [name, initial[name]]));
  const outputs: Tensor[] = [];
  const attention: Tensor[] = [];
  for (let t = 0; t < T; t++) {
    const { context, weights } = attendStep(e, states.h, inputs);
    const next = step(e.add(e.rows(all, t * N, N), context), states, states.h);
    const before = states;
    states = lengths
      ? Object.fromEntries(names.map((name) => [name, e.choose(next[name], before[name], lengths, t)]))
      : next;
    outputs.push(lengths ? e.choose(next.h, undefined, lengths, t) : next.h);
    attention.push(lengths ? e.choose(weights, undefined, lengths, t) : weights);
  }
  const H = states.h.shape[1];
  return {
    output: builder.view(joinRows(builder, `${label}.join`, outputs), [T, N, H]),
    attention: builder.view(joinRows(builder, `${label}.weights`, attention), [T, N, S]),
    final: states,
  };
}

/** Context [N,C] and attention weights [N,S] for the states [N,H]. */
function attendStep(
  e: Expressions,
  state: Tensor,
  { weightQuery, weightScore, keys, values, sourceLengths }: AttentionDecoderInputs,
): { readonly context: Tensor; readonly weights: Tensor } {
  const { builder } = e;
  const [S, N, A] = keys.shape;
  const C = values.shape[2];
  const sum = builder.apply(ops.add_row, e.label('sum'), {
    x: builder.view(keys, [S, N * A]),
    b: builder.view(e.linear(state, weightQuery), [N * A]),
  }).y;
  const squashed = builder.view(e.tanh(sum), [S * N, A]);
  const scores = builder.view(e.linear(squashed, weightScore), [1, S, N, 1]);
  const byRow = builder.apply(ops.permute, e.label('scores'), { x: scores }).y;
  const weights = builder.apply(
    ops.masked_softmax,
    e.label('weights'),
    present({ x: builder.view(byRow, [1, N, S]), lengths: sourceLengths }),
  ).y;
  const context = builder.apply(ops.batched_matmul, e.label('context'), {
    a: builder.view(weights, [1, 1, N, S]),
    b: builder.view(values, [1, S, N, C]),
  }).c;
  return { context: builder.view(context, [N, C]), weights: builder.view(weights, [N, S]) };
}
