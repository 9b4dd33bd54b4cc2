import { add, all, mul, put } from './lib/vector';

// Ops that move rows: a call owns rows of the result from `begin` to `end`, or its columns.

/** to = from, or to += from, over `count` floats. */
@inline
function give(to: usize, from: usize, count: i32, accumulate: bool): void {
  if (!accumulate) {
    memory.copy(to, from, <usize>count << 2);
    return;
  }
  for (let c = 0; c < count; c += 4) {
    const e = <usize>c << 2;
    put(to + e, add(v128.load(to + e), v128.load(from + e)), count - c);
  }
}

/** to[r] = or += from[r] for rows of `columns`, `widthTo` and `widthFrom` elements apart. */
export function copy_rows(
  to: usize,
  widthTo: i32,
  from: usize,
  widthFrom: i32,
  columns: i32,
  accumulate: bool,
  begin: i32,
  end: i32,
): void {
  for (let r = <usize>begin; r < <usize>end; r++)
    give(to + ((r * <usize>widthTo) << 2), from + ((r * <usize>widthFrom) << 2), columns, accumulate);
}

/** Sets elements from begin to end to zero. */
export function zero(x: usize, begin: i32, end: i32): void {
  if (end > begin) memory.fill(x + (<usize>begin << 2), 0, <usize>(end - begin) << 2);
}

/** y[r] = x[r] + b. */
export function add_row(x: usize, b: usize, y: usize, C: i32, begin: i32, end: i32): void {
  for (let r = <usize>begin; r < <usize>end; r++) {
    const at = (r * <usize>C) << 2;
    for (let c = 0; c < C; c += 4) {
      const e = <usize>c << 2;
      put(y + at + e, add(v128.load(x + at + e), v128.load(b + e)), C - c);
    }
  }
}

/** y[r] = scale[r] · x[r]; 0 where scale[r] is 0, even if x is NaN or infinite. */
export function scale_rows(x: usize, scale: usize, y: usize, C: i32, begin: i32, end: i32): void {
  for (let r = <usize>begin; r < <usize>end; r++) {
    const at = (r * <usize>C) << 2;
    const factor = load<f32>(scale + (r << 2));
    if (factor == 0) memory.fill(y + at, 0, <usize>C << 2);
    else
      for (let c = 0; c < C; c += 4) {
        const e = at + (<usize>c << 2);
        put(y + e, mul(v128.load(x + e), all(factor)), C - c);
      }
  }
}

/** y[r] = weight[ids[r]] + bias; an id of V or more has a row of zeros. */
export function gather_forward(
  ids: usize,
  weight: usize,
  bias: usize,
  y: usize,
  V: i32,
  C: i32,
  begin: i32,
  end: i32,
): void {
  for (let r = <usize>begin; r < <usize>end; r++) {
    const id = load<u32>(ids + (r << 2));
    const to = y + ((r * <usize>C) << 2);
    if (id < <u32>V) memory.copy(to, weight + ((<usize>id * <usize>C) << 2), <usize>C << 2);
    else memory.fill(to, 0, <usize>C << 2);
    if (bias) give(to, bias, C, true);
  }
}

/** dweight[v] (+)= Σ dy[r] over rows with ids[r] = v, for columns from begin to end. */
export function gather_backward(
  ids: usize,
  dy: usize,
  dweight: usize,
  accumulate: bool,
  R: i32,
  V: i32,
  C: i32,
  begin: i32,
  end: i32,
): void {
  if (begin >= end) return;
  const at = <usize>begin << 2;
  const row = <usize>C << 2;
  if (!accumulate)
    for (let v: usize = 0; v < <usize>V; v++)
      memory.fill(dweight + v * row + at, 0, <usize>(end - begin) << 2);
  for (let r: usize = 0; r < <usize>R; r++) {
    const id = load<u32>(ids + (r << 2));
    if (id < <u32>V) give(dweight + <usize>id * row + at, dy + r * row + at, end - begin, true);
  }
}

/** y[s,n] = a[s,n] where t + s < lengths[n], else b[s,n], or 0 where b is 0. Split by rows (s,n). */
export function choose_rows(
  a: usize,
  b: usize,
  lengths: usize,
  y: usize,
  t: u32,
  N: i32,
  C: i32,
  accumulate: bool,
  begin: i32,
  end: i32,
): void {
  for (let r = <usize>begin; r < <usize>end; r++) {
    const at = (r * <usize>C) << 2;
    const step = t + <u32>(r / <usize>N);
    const from = step < load<u32>(lengths + ((r % <usize>N) << 2)) ? a : b;
    if (from) give(y + at, from + at, C, accumulate);
    else if (!accumulate) memory.fill(y + at, 0, <usize>C << 2);
  }
}

/**
 * y[n] = x[lengths[n]−1,n]; with `back` in the other direction: x[lengths[n]−1,n] = or += y[n]. Without
 * lengths the last step is T−1.
 */
export function last_steps(
  x: usize,
  lengths: usize,
  y: usize,
  back: bool,
  accumulate: bool,
  T: i32,
  N: i32,
  C: i32,
  begin: i32,
  end: i32,
): void {
  for (let n = <usize>begin; n < <usize>end; n++) {
    const last = (lengths ? <usize>load<u32>(lengths + (n << 2)) : <usize>T) - 1;
    const there = x + (((last * <usize>N + n) * <usize>C) << 2);
    const here = y + ((n * <usize>C) << 2);
    give(back ? there : here, back ? here : there, C, accumulate);
  }
}

/** y[s,n] = (x[2s,n], x[2s+1,n]), zeros past the end; rows of [S·N]. */
export function pair_steps(x: usize, y: usize, T: i32, N: i32, C: i32, begin: i32, end: i32): void {
  const row = <usize>C << 2;
  for (let r = begin; r < end; r++) {
    const t = (r / N) * 2;
    const from = x + <usize>(t * N + (r % N)) * row;
    const to = y + 2 * <usize>r * row;
    memory.copy(to, from, row);
    if (t + 1 < T) memory.copy(to + row, from + <usize>N * row, row);
    else memory.fill(to + row, 0, row);
  }
}

/** dx[t,n] = or += dy[⌊t/2⌋,n], half t % 2; rows of [T·N]. */
export function pair_steps_backward(
  dy: usize,
  dx: usize,
  N: i32,
  C: i32,
  accumulate: bool,
  begin: i32,
  end: i32,
): void {
  const row = <usize>C << 2;
  for (let r = begin; r < end; r++) {
    const t = r / N;
    const from = dy + <usize>((t / 2) * N + (r % N)) * 2 * row + (t & 1 ? row : 0);
    give(dx + <usize>r * row, from, C, accumulate);
  }
}

/** y[n] = ⌈x[n]/2⌉. */
export function half_lengths(x: usize, y: usize, begin: i32, end: i32): void {
  for (let n = <usize>begin; n < <usize>end; n++)
    store<u32>(y + (n << 2), (load<u32>(x + (n << 2)) + 1) >> 1);
}

/** y[b,p,m] = or += x[b,m,p]; rows of [B·P·M] with C elements. */
export function permute(
  x: usize,
  y: usize,
  M: i32,
  P: i32,
  C: i32,
  accumulate: bool,
  begin: i32,
  end: i32,
): void {
  const row = <usize>C << 2;
  for (let r = begin; r < end; r++) {
    const block = r / (P * M);
    const from = x + <usize>((block * M + (r % M)) * P + ((r / M) % P)) * row;
    const to = y + <usize>r * row;
    if (C == 1) store<f32>(to, accumulate ? load<f32>(to) + load<f32>(from) : load<f32>(from));
    else give(to, from, C, accumulate);
  }
}

/**
 * ids[r] = columns of the K largest elements of row r, the largest first, of equal ones the lower
 * column, NaN last; values[r] = these elements, unless `values` is 0.
 */
export function top_k(x: usize, values: usize, ids: usize, V: i32, K: i32, begin: i32, end: i32): void {
  for (let r = <usize>begin; r < <usize>end; r++) {
    const from = x + ((r * <usize>V) << 2);
    const list = ids + ((r * <usize>K) << 2);
    for (let v = 0; v < V; v++) {
      const value = load<f32>(from + (<usize>v << 2));
      let k = min(v, K);
      // A column that is taken already comes before an equal element.
      for (; k > 0; k--) {
        const before = list + (<usize>(k - 1) << 2);
        const other = load<f32>(from + (<usize>load<u32>(before) << 2));
        if (!(value > other || (other != other && value == value))) break;
        if (k < K) store<u32>(before, load<u32>(before), 4);
      }
      if (k < K) store<u32>(list + (<usize>k << 2), v);
    }
    for (let k: usize = 0; values != 0 && k < <usize>K; k++)
      store<f32>(
        values + ((r * <usize>K + k) << 2),
        load<f32>(from + (<usize>load<u32>(list + (k << 2)) << 2)),
      );
  }
}
