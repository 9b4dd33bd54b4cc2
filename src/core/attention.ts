import type { NumberArray } from './arrays.js';
import { asTheyAre, type OperandReader } from './half.js';
import type { Dims } from './notation.js';

type Arrays = Readonly<Record<string, NumberArray>>;

/**
 * Additive attention (Bahdanau, Cho and Bengio, 2014) of one batch row at one step, for references.
 * T, N, S, A and H are sizes of the window; C is the width of the values.
 */
export interface AttentionRow {
  /**
   * Adds the context [C] to `context`:
   *   q = weight_query·state,   score_s = weight_score·tanh(q + keys[s,n]) for s < length,
   *   weights = softmax(score),   context = Σ_s weights_s·values[s,n]
   * @param state the state [H] of the row
   * @returns the weights [S]; 0 at positions past the row's length
   */
  forward(t: number, n: number, state: Place, context: Place): NumberArray;
  /**
   * Adds to dkeys, dvalues, dweight_query and dweight_score, where the call has them, and to
   * `dstate`:
   *   dweights_s = dcontext·values[s,n] + dattention_s
   *   dscore_s = weights_s·(dweights_s − Σ_u weights_u·dweights_u)
   *   dvalues[s,n] += weights_s·dcontext,   dpre_s = dscore_s·weight_score ⊙ (1 − tanh²)
   *   dkeys[s,n] += dpre_s,   dq = Σ_s dpre_s,   dweight_score += Σ_s dscore_s·tanh
   *   dweight_query += dq·stateᵀ,   dstate += weight_queryᵀ·dq
   */
  backward(
    t: number,
    n: number,
    state: Place,
    dcontext: Place | undefined,
    dattention: Place | undefined,
    dstate: Place | undefined,
  ): void;
}

/** A part of an array: its elements begin at index `at` of `of`. */
export interface Place {
  readonly of: NumberArray;
  readonly at: number;
}

/**
 * Attention over a call's keys, values and weights. The tensor `trace` holds four arrays, one after
 * another: gradients of the queries [T,N,A], queries [T,N,A], gradients of the scores [T,N,S],
 * weights [T,N,S].
 * @param lengths [N]: positions of each row's source; undefined: S in every row
 * @param operands how the products read their operands
 */
export function attentionOf(
  tensors: Arrays,
  dims: Dims,
  lengths: NumberArray | undefined,
  operands: OperandReader = asTheyAre,
): AttentionRow {
  const { keys, trace } = tensors;
  const weight_query = operands(tensors.weight_query);
  const weight_score = operands(tensors.weight_score);
  const values = operands(tensors.values);
  const { dweight_query, dweight_score, dkeys, dvalues } = tensors;
  const { T, N, S, A, H, C } = dims;
  const scores = 2 * T * N * A;
  const row = (start: number, width: number, t: number, n: number): NumberArray =>
    trace.subarray(start + (t * N + n) * width, start + (t * N + n + 1) * width);
  const partsOf = (t: number, n: number): Arrays => ({
    dquery: row(0, A, t, n),
    query: row(T * N * A, A, t, n),
    dscores: row(scores, S, t, n),
    weights: row(scores + T * N * S, S, t, n),
  });
  const part = ({ of, at }: Place, length: number): NumberArray => operands(of.subarray(at, at + length));
  /** tanh(q + keys[s,n]), [A] */
  const squash = (query: NumberArray, s: number, n: number): Float64Array =>
    Float64Array.from(query, (value, a) => Math.tanh(value + keys[(s * N + n) * A + a]));
  return {
    forward(t, n, state, context) {
      const { query, weights } = partsOf(t, n);
      const length = lengths ? lengths[n] : S;
      const h = part(state, H);
      for (let a = 0; a < A; a++) {
        query[a] = 0;
        for (let k = 0; k < H; k++) query[a] += weight_query[a * H + k] * h[k];
      }
      let largest = -Infinity;
      for (let s = 0; s < length; s++) {
        let score = 0;
        const squashed = operands(squash(query, s, n));
        for (let a = 0; a < A; a++) score += weight_score[a] * squashed[a];
        weights[s] = score;
        largest = Math.max(largest, score);
      }
      // Without subtracting the largest score, exp would overflow in single precision.
      let total = 0;
      for (let s = 0; s < S; s++) {
        weights[s] = s < length ? Math.exp(weights[s] - largest) : 0;
        total += weights[s];
      }
      for (let s = 0; s < S; s++) weights[s] /= total;
      const shares = operands(weights);
      for (let s = 0; s < S; s++)
        for (let c = 0; c < C; c++) context.of[context.at + c] += shares[s] * values[(s * N + n) * C + c];
      return weights;
    },

    backward(t, n, state, dcontext, dattention, dstate) {
      const { dquery, query, dscores, weights } = partsOf(t, n);
      const [shares, arriving] = [operands(weights), dcontext && part(dcontext, C)];
      let mean = 0;
      for (let s = 0; s < S; s++) {
        dscores[s] = dattention ? dattention.of[dattention.at + s] : 0;
        for (let c = 0; arriving && c < C; c++) {
          const i = (s * N + n) * C + c;
          dscores[s] += arriving[c] * values[i];
          if (dvalues) dvalues[i] += shares[s] * arriving[c];
        }
        mean += weights[s] * dscores[s];
      }
      dquery.fill(0);
      for (let s = 0; s < S; s++) dscores[s] = weights[s] * (dscores[s] - mean);
      const ofScores = operands(dscores);
      for (let s = 0; s < S; s++) {
        const squashed = squash(query, s, n);
        const read = operands(squashed);
        for (let a = 0; a < A; a++) {
          const gradient = ofScores[s] * weight_score[a] * (1 - squashed[a] * squashed[a]);
          dquery[a] += gradient;
          if (dkeys) dkeys[(s * N + n) * A + a] += gradient;
          if (dweight_score) dweight_score[a] += ofScores[s] * read[a];
        }
      }
      const [ofQuery, h] = [operands(dquery), part(state, H)];
      for (let a = 0; a < A; a++) {
        for (let k = 0; k < H; k++) {
          if (dstate) dstate.of[dstate.at + k] += ofQuery[a] * weight_query[a * H + k];
          if (dweight_query) dweight_query[a * H + k] += ofQuery[a] * h[k];
        }
      }
    },
  };
}
