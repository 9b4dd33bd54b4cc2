import type { Reference } from '../../plan/op.js';

/** y[n,c] = x[lengths[n]−1,n,c] */
export const forward: Reference = ({ x, lengths, y }, { T, N, C }) => {
  for (let n = 0; n < N; n++) {
    const last = (lengths ? lengths[n] : T) - 1;
    for (let c = 0; c < C; c++) y[n * C + c] = x[(last * N + n) * C + c];
  }
};

/** dx[lengths[n]−1,n,c] = dy[n,c], and 0 in all other steps */
export const backward: Reference = ({ lengths, dy, dx }, { T, N, C }) => {
  dx.fill(0, 0, T * N * C);
  for (let n = 0; n < N; n++) {
    const last = (lengths ? lengths[n] : T) - 1;
    for (let c = 0; c < C; c++) dx[(last * N + n) * C + c] = dy[n * C + c];
  }
};
