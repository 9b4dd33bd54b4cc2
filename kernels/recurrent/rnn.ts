import { packedBytes } from '../lib/multiply';
import { tanh } from '../lib/functions';
import { add, all, flush, mul, put, rest } from '../lib/vector';
import { attendBackward, attendForward, takesAttention } from './attention';
import {
  begin_states,
  factorBytes,
  giveInitial,
  gradientProduct,
  isPadding,
  multiplyInto,
  multiplyOnto,
  outputMask,
  readyGradient,
  readyWeight,
  recurrentMask,
  rowAfter,
  stateProduct,
  stepAt,
} from './window';

/** Formulas and shapes: src/ops/rnn. Optional tensors are 0; a scale of 0 is no dropout. */
export function rnn_forward(
  projected: usize,
  h0: usize,
  h0_learned: usize,
  keep: usize,
  lengths: usize,
  key: usize,
  weight: usize,
  bias: usize,
  y: usize,
  hn: usize,
  h: usize,
  masked: usize,
  relu: bool,
  T: i32,
  N: i32,
  H: i32,
  reverse: bool,
  outputStream: u32,
  outputThreshold: u32,
  outputScale: f32,
  recurrentStream: u32,
  recurrentThreshold: u32,
  recurrentScale: f32,
  scratch: usize,
  begin: i32,
  end: i32,
): void {
  const rows = end - begin;
  if (rows <= 0) return;
  const attends = takesAttention(h);
  const row = (<usize>H) << 2;
  const layer = <usize>N * row;
  const first = <usize>begin * row;
  const seen = masked ? masked : h;
  const ready = readyWeight(scratch, weight, H, H, T * N);
  scratch += packedBytes(H, H);
  const mask = recurrentMask(
    scratch,
    key,
    recurrentStream,
    recurrentThreshold,
    recurrentScale,
    H,
    begin,
    end,
  );
  scratch += factorBytes(rows, H);
  const start = <usize>stepAt(0, T, reverse) * layer;
  begin_states(h + start, h0, h0_learned, keep, H, begin, end);
  if (masked) multiplyInto(masked + start + first, h + start + first, mask, rows * H);
  for (let i = 0; i < T; i++) {
    const t = stepAt(i, T, reverse);
    const at = <usize>t * layer;
    const after = <usize>rowAfter(t, T, reverse) * layer;
    if (attends) attendForward(t, begin, end);
    // The sums have the place of the new states, which replace them.
    stateProduct(
      h + after + first,
      row,
      projected + at + first,
      row,
      seen + at + first,
      row,
      ready,
      H,
      rows,
      H,
      T * N,
    );
    for (let n = begin; n < end; n++) {
      const place = <usize>n * row;
      const next = h + after + place;
      if (isPadding(lengths, t, n)) {
        memory.copy(next, h + at + place, row);
        memory.fill(y + at + place, 0, row);
        continue;
      }
      const kept = outputMask(scratch, key, outputStream, outputThreshold, outputScale, t * N + n, H);
      for (let j = 0; j < H; j += 4) {
        const e = (<usize>j) << 2;
        let sum = v128.load(next + e);
        if (bias) sum = add(sum, v128.load(bias + e));
        const state = relu ? f32x4.max(sum, all(0)) : tanh(sum);
        put(next + e, flush(state), H - j);
        put(y + at + place + e, kept ? mul(state, v128.load(kept + e)) : state, H - j);
      }
    }
    if (masked) multiplyInto(masked + after + first, h + after + first, mask, rows * H);
  }
  memory.copy(hn + first, h + <usize>T * layer + first, <usize>rows * row);
}

/** Parameters as those of lstm_backward. */
export function rnn_backward(
  keep: usize,
  lengths: usize,
  key: usize,
  weight: usize,
  h: usize,
  dy: usize,
  dhn: usize,
  ds: usize,
  dh: usize,
  dh0: usize,
  flow: usize,
  initial: bool,
  relu: bool,
  T: i32,
  N: i32,
  H: i32,
  reverse: bool,
  outputStream: u32,
  outputThreshold: u32,
  outputScale: f32,
  recurrentStream: u32,
  recurrentThreshold: u32,
  recurrentScale: f32,
  scratch: usize,
  begin: i32,
  end: i32,
): void {
  const rows = end - begin;
  if (rows <= 0) return;
  const attends = takesAttention(h);
  const row = (<usize>H) << 2;
  const layer = <usize>N * row;
  const first = <usize>begin * row;
  const bytes = <usize>rows * row;
  const ready = readyGradient(scratch, weight, H, H, T * N);
  scratch += packedBytes(H, H);
  const mask = recurrentMask(
    scratch,
    key,
    recurrentStream,
    recurrentThreshold,
    recurrentScale,
    H,
    begin,
    end,
  );
  scratch += factorBytes(rows, H);
  const product = scratch;
  scratch += factorBytes(rows, H);
  if (dhn) memory.copy(flow + first, dhn + first, bytes);
  else memory.fill(flow + first, 0, bytes);
  const adds = lengths != 0 || mask != 0 || attends;
  for (let i = T - 1; i >= 0; i--) {
    const t = stepAt(i, T, reverse);
    const at = <usize>t * layer;
    const after = <usize>rowAfter(t, T, reverse) * layer;
    for (let n = begin; n < end; n++) {
      const place = <usize>n * row;
      if (isPadding(lengths, t, n)) {
        memory.fill(ds + at + place, 0, row);
        if (dh) memory.fill(dh + at + place, 0, row);
        continue;
      }
      const kept = outputMask(scratch, key, outputStream, outputThreshold, outputScale, t * N + n, H);
      for (let j = 0; j < H; j += 4) {
        const e = (<usize>j) << 2;
        let gradient = v128.load(flow + place + e);
        if (dy) {
          const given = v128.load(dy + at + place + e);
          gradient = add(gradient, kept ? mul(given, v128.load(kept + e)) : given);
        }
        gradient = flush(gradient);
        if (dh) put(dh + at + place + e, gradient, H - j);
        const state = v128.load(h + after + place + e);
        const change = relu
          ? v128.and(gradient, f32x4.gt(state, all(0)))
          : mul(gradient, rest(mul(state, state)));
        put(ds + at + place + e, flush(change), H - j);
        if (adds) put(flow + place + e, all(0), H - j);
      }
    }
    if (attends) attendBackward(t, flow, begin, end);
    if (i == 0 && !initial) break;
    const from: usize = mask ? 0 : adds ? flow + first : 0;
    const to = mask ? product : flow + first;
    gradientProduct(to, row, from, from ? row : 0, ds + at + first, row, ready, H, rows, H, T * N);
    if (mask) multiplyOnto(flow + first, product, mask, rows * H);
  }
  if (dh0) giveInitial(dh0, flow, keep, H, begin, end);
}
