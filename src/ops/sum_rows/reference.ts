import type { Reference } from '../../plan/op.js';

/** y[c] = Σ_r x[r,c] */
export const forward: Reference = ({ x, y }, { R, C }) => {
  for (let c = 0; c < C; c++) {
    let sum = 0;
    for (let r = 0; r < R; r++) sum += x[r * C + c];
    y[c] = sum;
  }
};

/** dx[r,c] = dy[c] */
export const backward: Reference = ({ dy, dx }, { R, C }) => {
  for (let i = 0; i < R * C; i++) dx[i] = dy[i % C];
};
