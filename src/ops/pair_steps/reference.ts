import type { Reference } from '../../plan/op.js';

/** y[s,n,c] = x[2s,n,c] for c < C, else x[2s+1,n,c−C], or 0 where there is no such step */
export const forward: Reference = ({ x, y }, { T, N, C, S }) => {
  for (let s = 0; s < S; s++) {
    for (let n = 0; n < N; n++) {
      for (let c = 0; c < 2 * C; c++) {
        const t = 2 * s + Math.floor(c / C);
        y[(s * N + n) * 2 * C + c] = t < T ? x[(t * N + n) * C + (c % C)] : 0;
      }
    }
  }
};

/** dx[t,n,c] = dy[⌊t/2⌋,n,(t % 2)·C + c] */
export const backward: Reference = ({ dy, dx }, { T, N, C }) => {
  for (let t = 0; t < T; t++) {
    for (let n = 0; n < N; n++) {
      for (let c = 0; c < C; c++)
        dx[(t * N + n) * C + c] = dy[((Math.floor(t / 2) * N + n) * 2 + (t % 2)) * C + c];
    }
  }
};
