import type { NumberArray } from '../../core/arrays.js';
import type { Arrays, Reference } from '../../plan/op.js';

/**
 * With q = weight_query·state[n], over the row's own positions s < lengths[n]:
 *   score_s = weight_score·tanh(q + keys[s,n]),   attention[n] = softmax(score)
 *   context[n] = Σ_s attention[n,s]·values[s,n]
 * trace holds (dq, q, dscore, attention): the gradients are written by backward.
 */
export const forward: Reference = (tensors, { N, S, A, H, C }) => {
  const { state, weight_query, keys, weight_score, values, lengths, context, attention } = tensors;
  const { query, weights } = partsOf(tensors.trace, N, S, A);
  for (let n = 0; n < N; n++) {
    const length = lengths ? lengths[n] : S;
    for (let a = 0; a < A; a++) {
      let sum = 0;
      for (let k = 0; k < H; k++) sum += weight_query[a * H + k] * state[n * H + k];
      query[n * A + a] = sum;
    }
    const exps = Array.from({ length: S }, (_, s) => {
      let score = 0;
      for (let a = 0; a < A; a++)
        score += weight_score[a] * Math.tanh(query[n * A + a] + keys[(s * N + n) * A + a]);
      return s < length ? Math.exp(score) : 0;
    });
    const total = exps.reduce((sum, value) => sum + value, 0);
    context.fill(0, n * C, (n + 1) * C);
    for (let s = 0; s < S; s++) {
      attention[n * S + s] = weights[n * S + s] = exps[s] / total;
      for (let c = 0; c < C; c++) context[n * C + c] += weights[n * S + s] * values[(s * N + n) * C + c];
    }
  }
};

/**
 *   dα_s = dcontext[n]·values[s,n] + dattention[n,s],   dscore_s = α_s·(dα_s − Σ_u α_u·dα_u)
 *   dvalues[s,n] = α_s·dcontext[n]
 *   dpre_s = dscore_s · weight_score ⊙ (1 − tanh²):   dkeys[s,n] = dpre_s,   dq = Σ_s dpre_s
 *   dweight_score = Σ_n,s dscore_s·tanh,   dweight_query = Σ_n dq·stateᵀ,   dstate = weight_queryᵀ·dq
 */
export const backward: Reference = (tensors, { N, S, A, H, C }) => {
  const { state, weight_query, keys, weight_score, values, dcontext, dattention } = tensors;
  const { dstate, dweight_query, dkeys, dweight_score, dvalues } = tensors;
  const { dquery, query, dscores, weights } = partsOf(tensors.trace, N, S, A);
  for (const array of [dstate, dweight_query, dkeys, dweight_score, dvalues]) array?.fill(0);
  for (let n = 0; n < N; n++) {
    const dweights = Array.from({ length: S }, (_, s) => {
      let sum = dattention ? dattention[n * S + s] : 0;
      for (let c = 0; dcontext && c < C; c++) sum += dcontext[n * C + c] * values[(s * N + n) * C + c];
      return sum;
    });
    const mean = dweights.reduce((sum, value, s) => sum + weights[n * S + s] * value, 0);
    dquery.fill(0, n * A, (n + 1) * A);
    for (let s = 0; s < S; s++) {
      const dscore = (dscores[n * S + s] = weights[n * S + s] * (dweights[s] - mean));
      for (let a = 0; a < A; a++) {
        const i = (s * N + n) * A + a;
        const squashed = Math.tanh(query[n * A + a] + keys[i]);
        const gradient = dscore * weight_score[a] * (1 - squashed * squashed);
        dquery[n * A + a] += gradient;
        if (dkeys) dkeys[i] = gradient;
        if (dweight_score) dweight_score[a] += dscore * squashed;
      }
      for (let c = 0; dvalues && dcontext && c < C; c++)
        dvalues[(s * N + n) * C + c] = weights[n * S + s] * dcontext[n * C + c];
    }
    for (let a = 0; a < A; a++) {
      for (let k = 0; k < H; k++) {
        if (dstate) dstate[n * H + k] += dquery[n * A + a] * weight_query[a * H + k];
        if (dweight_query) dweight_query[a * H + k] += dquery[n * A + a] * state[n * H + k];
      }
    }
  }
};

/** The four parts of a trace of one step. */
function partsOf(trace: NumberArray, N: number, S: number, A: number): Arrays {
  const scores = 2 * N * A;
  return {
    dquery: trace.subarray(0, N * A),
    query: trace.subarray(N * A, scores),
    dscores: trace.subarray(scores, scores + N * S),
    weights: trace.subarray(scores + N * S, scores + 2 * N * S),
  };
}
