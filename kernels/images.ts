import { put } from './lib/vector';

// Windows of F by F places over images [N,I,J,C]. Formulas: src/ops/convolution and src/ops/max_pool.

/** The elements under each window, in rows of [C,F,F]; 0 outside the image. Rows of [N·Y·X]. */
export function patches(
  x: usize,
  to: usize,
  I: i32,
  J: i32,
  C: i32,
  F: i32,
  Y: i32,
  X: i32,
  stride: i32,
  padding: i32,
  begin: i32,
  end: i32,
): void {
  const plane = (<usize>(F * F)) << 2;
  for (let r = begin; r < end; r++) {
    const n = r / (Y * X);
    let row = to + <usize>r * <usize>C * plane;
    for (let u = 0; u < F; u++) {
      const i = ((r / X) % Y) * stride + u - padding;
      for (let v = 0; v < F; v++) {
        const j = (r % X) * stride + v - padding;
        const inside = <u32>i < <u32>I && <u32>j < <u32>J;
        const from = x + ((<usize>((n * I + i) * J + j) * <usize>C) << 2);
        for (let c: usize = 0; c < <usize>C; c++)
          store<f32>(row + c * plane, inside ? load<f32>(from + (c << 2)) : 0);
        row += 4;
      }
    }
  }
}

/** dx = or += the gradients of all elements of patches that come from this place. Rows of [N·I·J]. */
export function patches_gradient(
  dpatches: usize,
  dx: usize,
  I: i32,
  J: i32,
  C: i32,
  F: i32,
  Y: i32,
  X: i32,
  stride: i32,
  padding: i32,
  accumulate: bool,
  begin: i32,
  end: i32,
): void {
  const plane = (<usize>(F * F)) << 2;
  const row = <usize>C * plane;
  for (let r = begin; r < end; r++) {
    const n = r / (I * J);
    const to = dx + ((<usize>r * <usize>C) << 2);
    if (!accumulate) memory.fill(to, 0, (<usize>C) << 2);
    for (let u = 0; u < F; u++) {
      const down = ((r / J) % I) + padding - u;
      if (down < 0 || down % stride != 0 || down / stride >= Y) continue;
      for (let v = 0; v < F; v++) {
        const right = (r % J) + padding - v;
        if (right < 0 || right % stride != 0 || right / stride >= X) continue;
        const window = <usize>((n * Y + down / stride) * X + right / stride);
        const from = dpatches + window * row + ((<usize>(u * F + v)) << 2);
        for (let c: usize = 0; c < <usize>C; c++)
          store<f32>(to + (c << 2), load<f32>(to + (c << 2)) + load<f32>(from + c * plane));
      }
    }
  }
}

/** y = the largest element under each window, place = i·J + j of the first such. Rows of [N·Y·X]. */
export function max_pool(
  x: usize,
  y: usize,
  place: usize,
  I: i32,
  J: i32,
  C: i32,
  F: i32,
  Y: i32,
  X: i32,
  stride: i32,
  padding: i32,
  begin: i32,
  end: i32,
): void {
  for (let r = begin; r < end; r++) {
    const top = ((r / X) % Y) * stride - padding;
    const left = (r % X) * stride - padding;
    const image = x + ((<usize>(r / (Y * X)) * <usize>(I * J) * <usize>C) << 2);
    const to = (<usize>r * <usize>C) << 2;
    for (let c = 0; c < C; c += 4) {
      const e = (<usize>c) << 2;
      let best = f32x4.splat(0);
      let where = i32x4.splat(-1);
      for (let i = max(0, top); i < min(I, top + F); i++)
        for (let j = max(0, left); j < min(J, left + F); j++) {
          const value = v128.load(image + ((<usize>(i * J + j) * <usize>C) << 2) + e);
          const better = v128.or(f32x4.gt(value, best), i32x4.lt_s(where, i32x4.splat(0)));
          best = v128.bitselect(value, best, better);
          where = v128.bitselect(i32x4.splat(i * J + j), where, better);
        }
      put(y + to + e, best, C - c);
      put(place + to + e, where, C - c);
    }
  }
}

/** dx = or += each window's gradient at the place of its largest element. Images of [N]. */
export function max_pool_backward(
  place: usize,
  dy: usize,
  dx: usize,
  places: i32,
  C: i32,
  windows: i32,
  accumulate: bool,
  begin: i32,
  end: i32,
): void {
  const row = (<usize>C) << 2;
  for (let n = <usize>begin; n < <usize>end; n++) {
    const image = dx + n * <usize>places * row;
    if (!accumulate) memory.fill(image, 0, <usize>places * row);
    let at = n * <usize>windows * row;
    for (let w = windows; w > 0; w--)
      for (let e: usize = 0; e < row; e += 4) {
        const to = image + <usize>load<u32>(place + at) * row + e;
        store<f32>(to, load<f32>(to) + load<f32>(dy + at));
        at += 4;
      }
  }
}
