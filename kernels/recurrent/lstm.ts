import { packedBytes } from '../lib/multiply';
import { sigmoid, tanh } from '../lib/functions';
import { add, all, flush, madd, mul, put, rest } from '../lib/vector';
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

/** Formulas and shapes: src/ops/lstm. Optional tensors are 0; a scale of 0 is no dropout. */
export function lstm_forward(
  projected: usize,
  h0: usize,
  c0: usize,
  h0_learned: usize,
  c0_learned: usize,
  keep: usize,
  lengths: usize,
  key: usize,
  weight: usize,
  bias: usize,
  y: usize,
  hn: usize,
  cn: usize,
  states: usize,
  gates: usize,
  masked: usize,
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
  const attends = takesAttention(states);
  const row = (<usize>H) << 2;
  const layer = <usize>N * row;
  const first = <usize>begin * row;
  const h = states;
  const c = states + <usize>(T + 1) * layer;
  const seen = masked ? masked : h;
  const ready = readyWeight(scratch, weight, H, 4 * H, T * N);
  scratch += packedBytes(H, 4 * H);
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
  begin_states(c + start, c0, c0_learned, keep, H, begin, end);
  if (masked) multiplyInto(masked + start + first, h + start + first, mask, rows * H);
  for (let i = 0; i < T; i++) {
    const t = stepAt(i, T, reverse);
    const at = <usize>t * layer;
    const after = <usize>rowAfter(t, T, reverse) * layer;
    if (attends) attendForward(t, begin, end);
    const wide: usize = 4 * (at + first);
    stateProduct(
      gates + wide,
      4 * row,
      projected + wide,
      4 * row,
      seen + at + first,
      row,
      ready,
      H,
      rows,
      4 * H,
      T * N,
    );
    for (let n = begin; n < end; n++) {
      const place = <usize>n * row;
      const gate = gates + 4 * (at + place);
      if (isPadding(lengths, t, n)) {
        memory.copy(h + after + place, h + at + place, row);
        memory.copy(c + after + place, c + at + place, row);
        memory.fill(gate, 0, 4 * row);
        memory.fill(y + at + place, 0, row);
        continue;
      }
      const kept = outputMask(scratch, key, outputStream, outputThreshold, outputScale, t * N + n, H);
      for (let j = 0; j < H; j += 4) {
        const e = (<usize>j) << 2;
        const left = H - j;
        let i4 = v128.load(gate + e);
        let f4 = v128.load(gate + row + e);
        let g4 = v128.load(gate + 2 * row + e);
        let o4 = v128.load(gate + 3 * row + e);
        if (bias) {
          i4 = add(i4, v128.load(bias + e));
          f4 = add(f4, v128.load(bias + row + e));
          g4 = add(g4, v128.load(bias + 2 * row + e));
          o4 = add(o4, v128.load(bias + 3 * row + e));
        }
        i4 = sigmoid(i4);
        f4 = sigmoid(f4);
        g4 = tanh(g4);
        o4 = sigmoid(o4);
        const cell = madd(f4, v128.load(c + at + place + e), mul(i4, g4));
        const state = flush(mul(o4, tanh(cell)));
        put(gate + e, i4, left);
        put(gate + row + e, f4, left);
        put(gate + 2 * row + e, g4, left);
        put(gate + 3 * row + e, o4, left);
        put(c + after + place + e, flush(cell), left);
        put(h + after + place + e, state, left);
        put(y + at + place + e, kept ? mul(state, v128.load(kept + e)) : state, left);
      }
    }
    if (masked) multiplyInto(masked + after + first, h + after + first, mask, rows * H);
  }
  const last = <usize>T * layer + first;
  memory.copy(hn + first, h + last, <usize>rows * row);
  memory.copy(cn + first, c + last, <usize>rows * row);
}

/**
 * @param ds dprojected, or da: [T,N,4H]
 * @param flow [N,H] each: the gradients of h and c that each step passes to the one before; at the end
 *   those of the initial states
 * @param initial whether the gradients of the initial states are wanted
 */
export function lstm_backward(
  keep: usize,
  lengths: usize,
  key: usize,
  weight: usize,
  states: usize,
  gates: usize,
  dy: usize,
  dhn: usize,
  dcn: usize,
  ds: usize,
  dh: usize,
  dh0: usize,
  dc0: usize,
  flow: usize,
  flowCell: usize,
  initial: bool,
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
  const attends = takesAttention(states);
  const row = (<usize>H) << 2;
  const layer = <usize>N * row;
  const first = <usize>begin * row;
  const bytes = <usize>rows * row;
  const c = states + <usize>(T + 1) * layer;
  const ready = readyGradient(scratch, weight, 4 * H, H, T * N);
  scratch += packedBytes(4 * H, H);
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
  if (dcn) memory.copy(flowCell + first, dcn + first, bytes);
  else memory.fill(flowCell + first, 0, bytes);
  // The gradients of padded rows, and those that attention adds, must outlive the product.
  const adds = lengths != 0 || mask != 0 || attends;
  for (let i = T - 1; i >= 0; i--) {
    const t = stepAt(i, T, reverse);
    const at = <usize>t * layer;
    const after = <usize>rowAfter(t, T, reverse) * layer;
    for (let n = begin; n < end; n++) {
      const place = <usize>n * row;
      const gate = gates + 4 * (at + place);
      const change = ds + 4 * (at + place);
      if (isPadding(lengths, t, n)) {
        memory.fill(change, 0, 4 * row);
        if (dh) memory.fill(dh + at + place, 0, row);
        continue;
      }
      const kept = outputMask(scratch, key, outputStream, outputThreshold, outputScale, t * N + n, H);
      for (let j = 0; j < H; j += 4) {
        const e = (<usize>j) << 2;
        const left = H - j;
        let gradient = v128.load(flow + place + e);
        if (dy) {
          const given = v128.load(dy + at + place + e);
          gradient = add(gradient, kept ? mul(given, v128.load(kept + e)) : given);
        }
        gradient = flush(gradient);
        if (dh) put(dh + at + place + e, gradient, left);
        const i4 = v128.load(gate + e);
        const f4 = v128.load(gate + row + e);
        const g4 = v128.load(gate + 2 * row + e);
        const o4 = v128.load(gate + 3 * row + e);
        const squashed = tanh(v128.load(c + after + place + e));
        const cell = flush(
          madd(mul(gradient, o4), rest(mul(squashed, squashed)), v128.load(flowCell + place + e)),
        );
        put(change + e, flush(mul(mul(mul(cell, g4), i4), rest(i4))), left);
        put(change + row + e, flush(mul(mul(mul(cell, v128.load(c + at + place + e)), f4), rest(f4))), left);
        put(change + 2 * row + e, flush(mul(mul(cell, i4), rest(mul(g4, g4)))), left);
        put(change + 3 * row + e, flush(mul(mul(mul(gradient, squashed), o4), rest(o4))), left);
        put(flowCell + place + e, flush(mul(cell, f4)), left);
        if (adds) put(flow + place + e, all(0), left);
      }
    }
    if (attends) attendBackward(t, flow, begin, end);
    if (i == 0 && !initial) break;
    const from: usize = mask ? 0 : adds ? flow + first : 0;
    const to = mask ? product : flow + first;
    gradientProduct(
      to,
      row,
      from,
      from ? row : 0,
      ds + 4 * (at + first),
      4 * row,
      ready,
      4 * H,
      rows,
      H,
      T * N,
    );
    if (mask) multiplyOnto(flow + first, product, mask, rows * H);
  }
  if (dh0) giveInitial(dh0, flow, keep, H, begin, end);
  if (dc0) giveInitial(dc0, flowCell, keep, H, begin, end);
}
