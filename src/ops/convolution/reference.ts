import type { Dims } from '../../core/notation.js';
import type { Reference } from '../../plan/op.js';
import type { Attributes } from '../../plan/planner.js';

/**
 * Calls `visit` for every product of the convolution with four indices: of the image's element (−1
 * outside the image), of the weight, of the result, and of the element of `patches`.
 */
function eachProduct(
  { N, I, J, C, F, P, Y, X }: Dims,
  attributes: Attributes,
  visit: (image: number, weight: number, result: number, patch: number) => void,
): void {
  const [stride, padding] = [Number(attributes.stride), Number(attributes.padding)];
  for (let row = 0; row < N * Y * X; row++) {
    const [n, y, x] = [Math.floor(row / (Y * X)), Math.floor(row / X) % Y, row % X];
    for (let column = 0; column < C * F * F; column++) {
      const [c, u, v] = [Math.floor(column / (F * F)), Math.floor(column / F) % F, column % F];
      const [i, j] = [y * stride + u - padding, x * stride + v - padding];
      const inside = i >= 0 && i < I && j >= 0 && j < J;
      const image = inside ? ((n * I + i) * J + j) * C + c : -1;
      for (let p = 0; p < P; p++) visit(image, p * C * F * F + column, row * P + p, row * C * F * F + column);
    }
  }
}

/**
 * y[n,y,x,p] = bias[p] + Σ_{c,u,v} weight[p,c,u,v]·x[n, y·stride + u − padding, x·stride + v − padding, c],
 * where places outside the image count as 0. `patches` holds the elements under each window.
 */
export const forward: Reference = ({ x, weight, bias, y, patches }, dims, attributes) => {
  for (let i = 0; i < dims.N * dims.Y * dims.X * dims.P; i++) y[i] = bias ? bias[i % dims.P] : 0;
  eachProduct(dims, attributes, (image, w, result, patch) => {
    patches[patch] = image < 0 ? 0 : x[image];
    y[result] += weight[w] * patches[patch];
  });
};

/** The gradient of each product goes to both of its factors: dx and dweight. */
export const backward: Reference = ({ x, weight, dy, dx, dweight, dbias }, dims, attributes) => {
  for (const sums of [dx, dweight, dbias]) sums?.fill(0);
  eachProduct(dims, attributes, (image, w, result) => {
    if (image < 0) return;
    if (dx) dx[image] += weight[w] * dy[result];
    if (dweight) dweight[w] += x[image] * dy[result];
  });
  if (dbias) for (let i = 0; i < dims.N * dims.Y * dims.X * dims.P; i++) dbias[i % dims.P] += dy[i];
};
