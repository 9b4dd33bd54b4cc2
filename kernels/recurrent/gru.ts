import { packedBytes } from '../lib/multiply';
import { sigmoid, tanh } from '../lib/functions';
import { add, flush, madd, mul, put, rest, sub } from '../lib/vector';
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

/**
 * Formulas and shapes: src/ops/gru. Optional tensors are 0; a scale of 0 is no dropout.
 * @param before whether the reset gate comes before the recurrent product
 */
export function gru_forward(
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
  gates: usize,
  masked: usize,
  before: bool,
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
  const readyGates = readyWeight(scratch, weight, H, 2 * H, T * N);
  scratch += packedBytes(H, 2 * H);
  const readyCandidate = readyWeight(scratch, weight + <usize>(2 * H) * row, H, H, T * N);
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
    const gate = gates + 4 * (at + first);
    const given = projected + 3 * (at + first);
    const operand = seen + at + first;
    stateProduct(gate, 4 * row, given, 3 * row, operand, row, readyGates, H, rows, 2 * H, T * N);
    if (!before) stateProduct(gate + 3 * row, 4 * row, 0, 0, operand, row, readyCandidate, H, rows, H, T * N);
    for (let n = begin; n < end; n++) {
      const place = <usize>n * row;
      const g = gates + 4 * (at + place);
      const a = projected + 3 * (at + place) + 2 * row;
      for (let j = 0; j < H; j += 4) {
        const e = (<usize>j) << 2;
        let r = v128.load(g + e);
        let z = v128.load(g + row + e);
        if (bias) {
          r = add(r, v128.load(bias + e));
          z = add(z, v128.load(bias + row + e));
        }
        r = sigmoid(r);
        put(g + e, r, H - j);
        put(g + row + e, sigmoid(z), H - j);
        if (before) put(g + 3 * row + e, mul(r, v128.load(seen + at + place + e)), H - j);
        else {
          let q = v128.load(g + 3 * row + e);
          if (bias) q = add(q, v128.load(bias + 2 * row + e));
          put(g + 3 * row + e, q, H - j);
          put(g + 2 * row + e, madd(r, q, v128.load(a + e)), H - j);
        }
      }
    }
    if (before)
      stateProduct(
        gate + 2 * row,
        4 * row,
        given + 2 * row,
        3 * row,
        gate + 3 * row,
        4 * row,
        readyCandidate,
        H,
        rows,
        H,
        T * N,
      );
    for (let n = begin; n < end; n++) {
      const place = <usize>n * row;
      const g = gates + 4 * (at + place);
      if (isPadding(lengths, t, n)) {
        memory.copy(h + after + place, h + at + place, row);
        memory.fill(g, 0, 4 * row);
        memory.fill(y + at + place, 0, row);
        continue;
      }
      const kept = outputMask(scratch, key, outputStream, outputThreshold, outputScale, t * N + n, H);
      for (let j = 0; j < H; j += 4) {
        const e = (<usize>j) << 2;
        let candidate = v128.load(g + 2 * row + e);
        if (before && bias) candidate = add(candidate, v128.load(bias + 2 * row + e));
        candidate = tanh(candidate);
        put(g + 2 * row + e, candidate, H - j);
        const z = v128.load(g + row + e);
        const state = flush(madd(z, v128.load(h + at + place + e), mul(rest(z), candidate)));
        put(h + after + place + e, state, H - j);
        put(y + at + place + e, kept ? mul(state, v128.load(kept + e)) : state, H - j);
      }
    }
    if (masked) multiplyInto(masked + after + first, h + after + first, mask, rows * H);
  }
  memory.copy(hn + first, h + <usize>T * layer + first, <usize>rows * row);
}

/**
 * @param da dprojected, or da: [T,N,3H], gradients dr dz dn before the activations
 * @param ds [T,N,3H], gradients of the recurrent sums
 * @param flow [N,H]: the gradient of h that each step passes to the one before; at the end that of the
 *   initial state
 * @param initial whether the gradient of the initial state is wanted
 */
export function gru_backward(
  keep: usize,
  lengths: usize,
  key: usize,
  weight: usize,
  h: usize,
  gates: usize,
  masked: usize,
  dy: usize,
  dhn: usize,
  da: usize,
  ds: usize,
  dh: usize,
  dh0: usize,
  flow: usize,
  initial: bool,
  before: bool,
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
  const seen = masked ? masked : h;
  // One product with all gates, or one for the gates and one for the candidate.
  const depth = before ? 2 * H : 3 * H;
  const ready = readyGradient(scratch, weight, depth, H, T * N);
  scratch += packedBytes(depth, H);
  let readyCandidate: usize = 0;
  if (before) {
    readyCandidate = readyGradient(scratch, weight + <usize>(2 * H) * row, H, H, T * N);
    scratch += packedBytes(H, H);
  }
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
  for (let i = T - 1; i >= 0; i--) {
    const t = stepAt(i, T, reverse);
    const at = <usize>t * layer;
    for (let n = begin; n < end; n++) {
      const place = <usize>n * row;
      const g = gates + 4 * (at + place);
      const change = da + 3 * (at + place);
      const sums = ds + 3 * (at + place);
      if (isPadding(lengths, t, n)) {
        memory.fill(change, 0, 3 * row);
        memory.fill(sums, 0, 3 * row);
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
        const r = v128.load(g + e);
        const z = v128.load(g + row + e);
        const candidate = v128.load(g + 2 * row + e);
        const dn = flush(mul(mul(gradient, rest(z)), rest(mul(candidate, candidate))));
        const dz = flush(mul(mul(mul(gradient, sub(v128.load(h + at + place + e), candidate)), z), rest(z)));
        put(change + row + e, dz, left);
        put(sums + row + e, dz, left);
        put(change + 2 * row + e, dn, left);
        put(flow + place + e, flush(mul(gradient, z)), left);
        if (before) put(sums + 2 * row + e, dn, left);
        else {
          const dr = flush(mul(mul(mul(dn, v128.load(g + 3 * row + e)), r), rest(r)));
          put(change + e, dr, left);
          put(sums + e, dr, left);
          put(sums + 2 * row + e, flush(mul(dn, r)), left);
        }
      }
    }
    const sums = ds + 3 * (at + first);
    if (before) {
      const wide: usize = 3 * row;
      gradientProduct(product, row, 0, 0, sums + 2 * row, wide, readyCandidate, H, rows, H, T * N);
      for (let n = begin; n < end; n++) {
        if (isPadding(lengths, t, n)) continue;
        const place = <usize>n * row;
        const g = gates + 4 * (at + place);
        const through = product + (place - first);
        for (let j = 0; j < H; j += 4) {
          const e = (<usize>j) << 2;
          const r = v128.load(g + e);
          const dq = v128.load(through + e);
          const dr = flush(mul(mul(mul(dq, v128.load(seen + at + place + e)), r), rest(r)));
          put(da + 3 * (at + place) + e, dr, H - j);
          put(ds + 3 * (at + place) + e, dr, H - j);
          put(through + e, flush(mul(dq, r)), H - j);
        }
      }
    }
    if (attends) attendBackward(t, flow, begin, end);
    if (i == 0 && !initial) break;
    if (before) {
      gradientProduct(product, row, product, row, sums, 3 * row, ready, depth, rows, H, T * N);
      addProduct(flow + first, product, mask, rows * H);
    } else if (mask) {
      gradientProduct(product, row, 0, 0, sums, 3 * row, ready, depth, rows, H, T * N);
      multiplyOnto(flow + first, product, mask, rows * H);
    } else {
      // Gradients of padded rows are zero, so their part of `flow` does not change.
      gradientProduct(flow + first, row, flow + first, row, sums, 3 * row, ready, depth, rows, H, T * N);
    }
  }
  if (dh0) giveInitial(dh0, flow, keep, H, begin, end);
}

/** flow += mask ⊙ product. */
function addProduct(flow: usize, product: usize, mask: usize, count: i32): void {
  if (mask) {
    multiplyOnto(flow, product, mask, count);
    return;
  }
  for (let i = 0; i < count; i += 4) {
    const e = (<usize>i) << 2;
    put(flow + e, add(v128.load(flow + e), v128.load(product + e)), count - i);
  }
}
