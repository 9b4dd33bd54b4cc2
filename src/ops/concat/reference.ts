import type { Reference } from '../../plan/op.js';

/** y[r,c] = a[r,c] for c < M, else b[r,c−M] */
export const forward: Reference = ({ a, b, y }, { R, M, P }) => {
  for (let r = 0; r < R; r++) {
    for (let c = 0; c < M + P; c++) y[r * (M + P) + c] = c < M ? a[r * M + c] : b[r * P + c - M];
  }
};

/** da[r,c] = dy[r,c], db[r,c] = dy[r,M+c] */
export const backward: Reference = ({ dy, da, db }, { R, M, P }) => {
  for (let r = 0; r < R; r++) {
    if (da) for (let c = 0; c < M; c++) da[r * M + c] = dy[r * (M + P) + c];
    if (db) for (let c = 0; c < P; c++) db[r * P + c] = dy[r * (M + P) + M + c];
  }
};
