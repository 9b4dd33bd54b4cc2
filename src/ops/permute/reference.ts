import type { Reference } from '../../plan/op.js';

/** y[b,p,m,c] = x[b,m,p,c] */
export const forward: Reference = ({ x, y }, { B, M, P, C }) => {
  for (let b = 0; b < B; b++)
    for (let m = 0; m < M; m++)
      for (let p = 0; p < P; p++)
        for (let c = 0; c < C; c++) y[((b * P + p) * M + m) * C + c] = x[((b * M + m) * P + p) * C + c];
};

/** dx[b,m,p,c] = dy[b,p,m,c] */
export const backward: Reference = ({ dy, dx }, { B, M, P, C }) => {
  for (let b = 0; b < B; b++)
    for (let m = 0; m < M; m++)
      for (let p = 0; p < P; p++)
        for (let c = 0; c < C; c++) dx[((b * M + m) * P + p) * C + c] = dy[((b * P + p) * M + m) * C + c];
};
