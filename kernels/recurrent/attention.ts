import { packedBytes } from '../lib/multiply';
import { tanh } from '../lib/functions';
import { add, all, first, flush, madd, mul, put, rest, sum4 } from '../lib/vector';
import { softmaxRow } from '../softmax';
import {
  gradientProduct,
  isPadding,
  readyGradient,
  readyWeight,
  recurrent_scratch,
  stateProduct,
} from './window';

// Additive attention before each step of a window: formulas in src/core/attention.ts. A call of
// `attention_window` sets the tensors. The call after it, over the same batch rows and states, attends:
// a recurrent kernel before each of its steps, or `attend_step` at the only one.

/** The states over which the next call attends; 0 for none. */
let expected: usize = 0;

let sourceLengths: usize = 0;
let steps: usize = 0;
let keys: usize = 0;
let values: usize = 0;
let score: usize = 0;
let states: usize = 0;
let projected: usize = 0;
let context: usize = 0;
let attention: usize = 0;
let dcontext: usize = 0;
let dattention: usize = 0;
let dkeys: usize = 0;
let rowScores: usize = 0;
let dqueries: usize = 0;
let queries: usize = 0;
let dscores: usize = 0;
let weights: usize = 0;
let T: i32 = 0;
let N: i32 = 0;
let S: i32 = 0;
let A: i32 = 0;
let H: i32 = 0;
let C: i32 = 0;
/** weight_query, packed for products with states, or with gradients of queries. */
let ready: usize = 0;

/** Bytes of scratch of a thread: those of the recurrent kernel, then weight_query in panels. */
export function attention_scratch(gates: i32, rows: i32, units: i32, width: i32): usize {
  return recurrent_scratch(gates, rows, units) + max(packedBytes(units, width), packedBytes(width, units)) + 64;
}

/**
 * Sets the tensors of attention for the next call. Tensors that the call lacks are 0.
 * @param lengths_ of the sources; `steps_` are those of the rows
 * @param trace gradients of the queries [T,N,A], queries [T,N,A], gradients of the scores [T,N,S],
 *   weights [T,N,S]
 * @param row_scores [N,A]: each row's part of the gradient of weight_score, added to what is there
 * @param gates blocks of units of the recurrent kernel's weight
 */
export function attention_window(
  lengths_: usize,
  steps_: usize,
  keys_: usize,
  values_: usize,
  weight_query: usize,
  weight_score: usize,
  states_: usize,
  projected_: usize,
  context_: usize,
  attention_: usize,
  trace: usize,
  dcontext_: usize,
  dattention_: usize,
  dkeys_: usize,
  row_scores: usize,
  T_: i32,
  N_: i32,
  S_: i32,
  A_: i32,
  H_: i32,
  C_: i32,
  gates: i32,
  backward: bool,
  scratch: usize,
  begin: i32,
  end: i32,
): void {
  if (begin >= end) return;
  sourceLengths = lengths_;
  steps = steps_;
  keys = keys_;
  values = values_;
  score = weight_score;
  states = states_;
  projected = projected_;
  context = context_;
  attention = attention_;
  dcontext = dcontext_;
  dattention = dattention_;
  dkeys = dkeys_;
  rowScores = row_scores;
  T = T_;
  N = N_;
  S = S_;
  A = A_;
  H = H_;
  C = C_;
  dqueries = trace;
  queries = dqueries + ((<usize>(T * N) * <usize>A) << 2);
  dscores = queries + ((<usize>(T * N) * <usize>A) << 2);
  weights = dscores + ((<usize>(T * N) * <usize>S) << 2);
  scratch += recurrent_scratch(gates, N, H);
  ready = backward
    ? readyGradient(scratch, weight_query, A, H, T * N)
    : readyWeight(scratch, weight_query, H, A, T * N);
  expected = states;
}

/** Whether a call over these states attends. Only the first call after `attention_window` does. */
export function takesAttention(these: usize): bool {
  const takes = expected != 0 && expected == these;
  expected = 0;
  return takes;
}

@inline
function at(tensor: usize, t: i32, n: i32, width: i32): usize {
  return tensor + ((<usize>(t * N + n) * <usize>width) << 2);
}

@inline
function positions(n: i32): i32 {
  return sourceLengths ? load<i32>(sourceLengths + ((<usize>n) << 2)) : S;
}

/** Weights and contexts of step t: context[t] = projected[t] + Σ_s weights_s·values[s]. */
export function attendForward(t: i32, begin: i32, end: i32): void {
  const wide = (<usize>A) << 2;
  const row = (<usize>H) << 2;
  const query0 = at(queries, t, begin, A);
  stateProduct(query0, wide, 0, 0, at(states, t, begin, H), row, ready, H, end - begin, A, T * N);
  const nextKeys = <usize>N * wide;
  const nextValues = (<usize>N * <usize>C) << 2;
  for (let n = begin; n < end; n++) {
    const length = positions(n);
    const query = at(queries, t, n, A);
    const own = at(weights, t, n, S);
    let key = at(keys, 0, n, A);
    for (let s: usize = 0; s < <usize>length; s++) {
      let sum = all(0);
      for (let a = 0; a < A; a += 4) {
        const e = (<usize>a) << 2;
        const squashed = tanh(add(v128.load(query + e), v128.load(key + e)));
        sum = add(sum, first(mul(v128.load(score + e), squashed), A - a));
      }
      store<f32>(own + (s << 2), sum4(sum));
      key += nextKeys;
    }
    softmaxRow(own, own, length, S);
    const to = at(context, t, n, C);
    for (let c = 0; c < C; c += 8) {
      const e = (<usize>c) << 2;
      let value = at(values, 0, n, C) + e;
      let low = all(0);
      let high = all(0);
      for (let s: usize = 0; s < <usize>length; s++) {
        const weight = v128.load_splat<f32>(own + (s << 2));
        low = madd(weight, v128.load(value), low);
        high = madd(weight, v128.load(value, 16), high);
        value += nextValues;
      }
      if (projected) {
        const given = at(projected, t, n, C) + e;
        low = add(low, v128.load(given));
        high = add(high, v128.load(given, 16));
      }
      put(to + e, low, C - c);
      put(to + e + 16, high, C - c - 4);
    }
    if (isPadding(steps, t, n)) memory.fill(at(attention, t, n, S), 0, (<usize>S) << 2);
    else memory.copy(at(attention, t, n, S), own, (<usize>S) << 2);
  }
}

/** Gradients of the scores of row n at step t, [S]. */
function scoreGradients(t: i32, n: i32, length: i32): void {
  const own = at(weights, t, n, S);
  const to = at(dscores, t, n, S);
  const nextValues = (<usize>N * <usize>C) << 2;
  let value = at(values, 0, n, C);
  let mean: f64 = 0;
  for (let s: usize = 0; s < <usize>length; s++) {
    let change: f32 = dattention ? load<f32>(at(dattention, t, n, S) + (s << 2)) : 0;
    if (dcontext) {
      const given = at(dcontext, t, n, C);
      let sum = all(0);
      for (let c = 0; c < C; c += 4) {
        const e = (<usize>c) << 2;
        sum = add(sum, first(mul(v128.load(given + e), v128.load(value + e)), C - c));
      }
      change += sum4(sum);
    }
    store<f32>(to + (s << 2), change);
    mean += <f64>load<f32>(own + (s << 2)) * <f64>change;
    value += nextValues;
  }
  const less = all(<f32>mean);
  for (let s = 0; s < length; s += 4) {
    const e = (<usize>s) << 2;
    const change = mul(v128.load(own + e), f32x4.sub(v128.load(to + e), less));
    put(to + e, flush(change), length - s);
  }
  memory.fill(to + ((<usize>length) << 2), 0, (<usize>(S - length)) << 2);
}

/**
 * Goes back through step t: gradients of its scores and queries. It adds to dkeys, to each row's part
 * of the gradient of weight_score, and to `flow` [N,H], the gradient of the states.
 */
export function attendBackward(t: i32, flow: usize, begin: i32, end: i32): void {
  const wide = (<usize>A) << 2;
  const row = (<usize>H) << 2;
  for (let n = begin; n < end; n++) {
    const dquery = at(dqueries, t, n, A);
    if (isPadding(steps, t, n)) {
      memory.fill(dquery, 0, wide);
      memory.fill(at(dscores, t, n, S), 0, (<usize>S) << 2);
      continue;
    }
    const length = positions(n);
    scoreGradients(t, n, length);
    const query = at(queries, t, n, A);
    const shares = rowScores + <usize>n * wide;
    for (let a = 0; a < A; a += 4) {
      const e = (<usize>a) << 2;
      const asked = v128.load(query + e);
      const weight = v128.load(score + e);
      let sum = all(0);
      let share = v128.load(shares + e);
      for (let s = 0; s < length; s++) {
        const place = at(0, s, n, A) + e;
        const change = v128.load_splat<f32>(at(dscores, t, n, S) + ((<usize>s) << 2));
        const squashed = tanh(add(asked, v128.load(keys + place)));
        const gradient = flush(mul(mul(change, weight), rest(mul(squashed, squashed))));
        share = madd(change, squashed, share);
        sum = add(sum, gradient);
        if (dkeys) put(dkeys + place, add(v128.load(dkeys + place), gradient), A - a);
      }
      put(shares + e, share, A - a);
      put(dquery + e, flush(sum), A - a);
    }
  }
  if (!flow) return;
  const to = flow + <usize>begin * row;
  gradientProduct(to, row, to, row, at(dqueries, t, begin, A), wide, ready, A, end - begin, H, T * N);
}

/** The step of a window of one: forward, or backward with `flow`, the gradient of the state. */
export function attend_step(backward: bool, state: usize, flow: usize, begin: i32, end: i32): void {
  if (begin >= end || !takesAttention(state)) return;
  if (backward) attendBackward(0, flow, begin, end);
  else attendForward(0, begin, end);
}
