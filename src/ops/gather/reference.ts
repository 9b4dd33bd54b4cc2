import type { Reference } from '../../plan/op.js';

/** y[r,c] = weight[ids[r],c] + bias[c]; without the first term where ids[r] ≥ V */
export const forward: Reference = ({ ids, weight, bias, y }, { R, V, C }) => {
  for (let r = 0; r < R; r++) {
    for (let c = 0; c < C; c++)
      y[r * C + c] = (ids[r] < V ? weight[ids[r] * C + c] : 0) + (bias ? bias[c] : 0);
  }
};

/**
 * dweight[v,c] = Σ over rows r with ids[r] = v of dy[r,c]
 * dbias[c] = Σ_r dy[r,c]
 */
export const backward: Reference = ({ ids, dy, dweight, dbias }, { R, V, C }) => {
  if (dweight) {
    dweight.fill(0, 0, V * C);
    for (let r = 0; r < R; r++) {
      if (ids[r] >= V) continue;
      for (let c = 0; c < C; c++) dweight[ids[r] * C + c] += dy[r * C + c];
    }
  }
  if (dbias) {
    for (let c = 0; c < C; c++) {
      let sum = 0;
      for (let r = 0; r < R; r++) sum += dy[r * C + c];
      dbias[c] = sum;
    }
  }
};
