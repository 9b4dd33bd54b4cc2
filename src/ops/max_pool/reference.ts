import type { Reference } from '../../plan/op.js';

/**
 * y[n,y,x,c] is the largest x[n,i,j,c] under the window of size by size places that starts at
 * (y·stride − padding, x·stride − padding). place[n,y,x,c] = i·J + j of the first such place, row by
 * row. Places outside the image do not count.
 */
export const forward: Reference = ({ x, y, place }, { N, I, J, C, Y, X }, attributes) => {
  const [stride, padding] = [Number(attributes.stride), Number(attributes.padding)];
  const F = Number(attributes.size);
  for (let at = 0; at < N * Y * X * C; at++) {
    const [c, right, down] = [at % C, Math.floor(at / C) % X, Math.floor(at / (C * X)) % Y];
    const n = Math.floor(at / (C * X * Y));
    let best = -1;
    for (let i = down * stride - padding; i < down * stride - padding + F; i++) {
      for (let j = right * stride - padding; j < right * stride - padding + F; j++) {
        if (i < 0 || i >= I || j < 0 || j >= J) continue;
        const candidate = i * J + j;
        if (best < 0 || x[(n * I * J + candidate) * C + c] > x[(n * I * J + best) * C + c]) best = candidate;
      }
    }
    y[at] = x[(n * I * J + best) * C + c];
    place[at] = best;
  }
};

/** The gradient of each window goes to the place of its largest element. */
export const backward: Reference = ({ place, dy, dx }, { N, I, J, C, Y, X }) => {
  dx.fill(0);
  for (let at = 0; at < N * Y * X * C; at++) {
    const n = Math.floor(at / (C * X * Y));
    dx[(n * I * J + place[at]) * C + (at % C)] += dy[at];
  }
};
