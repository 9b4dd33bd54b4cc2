import { attentionOf } from '../../core/attention.js';
import type { Reference } from '../../plan/op.js';

/** Attends for each batch row. src/core/attention.ts has the formulas. */
export const forward: Reference = (tensors, dims, _, operands) => {
  const { state, lengths, context, attention } = tensors;
  const { N, S, H, C } = dims;
  const rows = attentionOf(tensors, { ...dims, T: 1 }, lengths, operands);
  context.fill(0);
  for (let n = 0; n < N; n++)
    attention.set(rows.forward(0, n, { of: state, at: n * H }, { of: context, at: n * C }), n * S);
};

/** Gradients of the state, the weights, the keys and the values. */
export const backward: Reference = (tensors, dims, _, operands) => {
  const { state, lengths, dcontext, dattention, dstate } = tensors;
  const { dweight_query, dkeys, dweight_score, dvalues } = tensors;
  const { N, S, H, C } = dims;
  for (const sums of [dstate, dweight_query, dkeys, dweight_score, dvalues]) sums?.fill(0);
  const rows = attentionOf(tensors, { ...dims, T: 1 }, lengths, operands);
  for (let n = 0; n < N; n++)
    rows.backward(
      0,
      n,
      { of: state, at: n * H },
      dcontext && { of: dcontext, at: n * C },
      dattention && { of: dattention, at: n * S },
      dstate && { of: dstate, at: n * H },
    );
};
