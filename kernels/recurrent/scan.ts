import { dropoutFactors, FACTORS_SLACK } from '../lib/random';
import { add, all, flush, mul, put } from '../lib/vector';
import { back, shareOf, step } from './scan-cells';
import { isPadding, rowAfter, stepAt } from './window';

// Cells whose gates depend on the input alone, so that a call owns elements from `begin` to `end` of
// [N,H] over the whole window. Shapes: src/ops/scan/contract.ts.

/** Bytes of scratch: the output factors of one row. */
export function scan_scratch(H: i32): usize {
  return <usize>(H + FACTORS_SLACK + 8) << 2;
}

/** The elements of batch row n in a range of [N,H]: the first, and the one after the last. */
@inline
function firstOf(n: i32, H: i32, begin: i32): i32 {
  return max(0, begin - n * H);
}
@inline
function endOf(n: i32, H: i32, end: i32): i32 {
  return min(H, end - n * H);
}

/**
 * @param cell its number in scan-cells.ts
 * @param blocks number of gates
 */
export function scan_forward(
  cell: i32,
  blocks: i32,
  projected: usize,
  h0: usize,
  h0_learned: usize,
  keep: usize,
  lengths: usize,
  key: usize,
  y: usize,
  hn: usize,
  h: usize,
  gates: usize,
  T: i32,
  N: i32,
  H: i32,
  reverse: bool,
  stream: u32,
  threshold: u32,
  scale: f32,
  scratch: usize,
  begin: i32,
  end: i32,
): void {
  if (begin >= end) return;
  const row = <usize>H << 2;
  const layer = <usize>N * row;
  const start = <usize>stepAt(0, T, reverse) * layer;
  const n0 = begin / H;
  const n1 = (end + H - 1) / H;
  for (let n = n0; n < n1; n++) {
    const kept = keep ? load<f32>(keep + (<usize>n << 2)) : 1;
    const last = endOf(n, H, end);
    for (let j = firstOf(n, H, begin); j < last; j += 4) {
      const e = <usize>j << 2;
      const at = <usize>n * row + e;
      const x = kept != 0 ? mul(v128.load(h0 + at), all(kept)) : h0_learned ? v128.load(h0_learned + e) : all(0);
      put(h + start + at, x, last - j);
    }
  }
  for (let i = 0; i < T; i++) {
    const t = stepAt(i, T, reverse);
    const at = <usize>t * layer;
    const after = <usize>rowAfter(t, T, reverse) * layer;
    for (let n = n0; n < n1; n++) {
      const place = <usize>n * row;
      const wide = <usize>blocks * (at + place);
      const first = firstOf(n, H, begin);
      const last = endOf(n, H, end);
      const padding = isPadding(lengths, t, n);
      let factors: usize = 0;
      if (scale != 0 && !padding)
        factors = dropoutFactors(scratch, (t * N + n) * H + first, last - first, key, stream, threshold, scale);
      for (let j = first; j < last; j += 4) {
        const e = <usize>j << 2;
        const left = last - j;
        const gate = gates + wide + e;
        const given = projected + wide + e;
        const previous = v128.load(h + at + place + e);
        if (padding) {
          for (let block = 0; block < blocks; block++) put(gate + <usize>block * row, all(0), left);
          put(h + after + place + e, previous, left);
          put(y + at + place + e, all(0), left);
          continue;
        }
        let state = step(cell, given, gate, row, previous, left);
        state = flush(state);
        put(h + after + place + e, state, left);
        if (factors) state = mul(state, v128.load(factors + (<usize>(j - first) << 2)));
        put(y + at + place + e, state, left);
      }
    }
  }
  const from = (<usize>begin) << 2;
  memory.copy(hn + from, h + <usize>T * layer + from, <usize>(end - begin) << 2);
}

/** @param flow [N,H]: the gradient of h; at the end that of the initial state */
export function scan_backward(
  cell: i32,
  blocks: i32,
  keep: usize,
  lengths: usize,
  key: usize,
  h: usize,
  gates: usize,
  dy: usize,
  dhn: usize,
  dh: usize,
  dprojected: usize,
  dh0: usize,
  flow: usize,
  T: i32,
  N: i32,
  H: i32,
  reverse: bool,
  stream: u32,
  threshold: u32,
  scale: f32,
  scratch: usize,
  begin: i32,
  end: i32,
): void {
  if (begin >= end) return;
  const row = <usize>H << 2;
  const layer = <usize>N * row;
  const n0 = begin / H;
  const n1 = (end + H - 1) / H;
  const own = <usize>begin << 2;
  const bytes = <usize>(end - begin) << 2;
  if (dhn) memory.copy(flow + own, dhn + own, bytes);
  else memory.fill(flow + own, 0, bytes);
  for (let i = T - 1; i >= 0; i--) {
    const t = stepAt(i, T, reverse);
    const at = <usize>t * layer;
    for (let n = n0; n < n1; n++) {
      const place = <usize>n * row;
      const wide = <usize>blocks * (at + place);
      const first = firstOf(n, H, begin);
      const last = endOf(n, H, end);
      const padding = isPadding(lengths, t, n);
      let factors: usize = 0;
      if (scale != 0 && !padding)
        factors = dropoutFactors(scratch, (t * N + n) * H + first, last - first, key, stream, threshold, scale);
      for (let j = first; j < last; j += 4) {
        const e = <usize>j << 2;
        const left = last - j;
        const change = dprojected + wide + e;
        if (padding) {
          if (dh) put(dh + at + place + e, all(0), left);
          for (let block = 0; dprojected != 0 && block < blocks; block++)
            put(change + <usize>block * row, all(0), left);
          continue;
        }
        let gradient = v128.load(flow + place + e);
        if (dy) {
          const given = v128.load(dy + at + place + e);
          gradient = add(
            gradient,
            factors ? mul(given, v128.load(factors + (<usize>(j - first) << 2))) : given,
          );
        }
        gradient = flush(gradient);
        if (dh) put(dh + at + place + e, gradient, left);
        const gate = gates + wide + e;
        const previous = v128.load(h + at + place + e);
        if (dprojected) back(cell, gate, change, row, previous, gradient, left);
        const share = shareOf(cell, gate, row);
        put(flow + place + e, flush(mul(share, gradient)), left);
      }
    }
  }
  if (!dh0) return;
  for (let n = n0; n < n1; n++) {
    const kept = keep ? load<f32>(keep + (<usize>n << 2)) : 1;
    const last = endOf(n, H, end);
    for (let j = firstOf(n, H, begin); j < last; j += 4) {
      const at = <usize>n * row + (<usize>j << 2);
      put(dh0 + at, mul(v128.load(flow + at), all(kept)), last - j);
    }
  }
}
