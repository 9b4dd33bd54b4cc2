import type { Reference } from '../../plan/op.js';

/** y[r,c] = x[r,c] + b[c] */
export const forward: Reference = ({ x, b, y }, { R, C }) => {
  for (let i = 0; i < R * C; i++) y[i] = x[i] + b[i % C];
};

/** dx = dy, db[c] = Σ_r dy[r,c] */
export const backward: Reference = ({ dy, dx, db }, { R, C }) => {
  if (dx) for (let i = 0; i < R * C; i++) dx[i] = dy[i];
  if (!db) return;
  for (let c = 0; c < C; c++) {
    let sum = 0;
    for (let r = 0; r < R; r++) sum += dy[r * C + c];
    db[c] = sum;
  }
};
