import type { Reference } from '../../plan/op.js';

/** y = x·weightᵀ + bias */
export const forward: Reference = ({ x, weight, bias, y }, { R, P, K }) => {
  for (let r = 0; r < R; r++) {
    for (let p = 0; p < P; p++) {
      let sum = bias ? bias[p] : 0;
      for (let k = 0; k < K; k++) sum += x[r * K + k] * weight[p * K + k];
      y[r * P + p] = sum;
    }
  }
};

/** dx = dy·weight, dweight = dyᵀ·x, dbias = Σ_r dy[r,·] */
export const backward: Reference = ({ x, weight, dy, dx, dweight, dbias }, { R, P, K }) => {
  if (dx) {
    for (let r = 0; r < R; r++) {
      for (let k = 0; k < K; k++) {
        let sum = 0;
        for (let p = 0; p < P; p++) sum += dy[r * P + p] * weight[p * K + k];
        dx[r * K + k] = sum;
      }
    }
  }
  if (dweight) {
    for (let p = 0; p < P; p++) {
      for (let k = 0; k < K; k++) {
        let sum = 0;
        for (let r = 0; r < R; r++) sum += dy[r * P + p] * x[r * K + k];
        dweight[p * K + k] = sum;
      }
    }
  }
  if (dbias) {
    for (let p = 0; p < P; p++) {
      let sum = 0;
      for (let r = 0; r < R; r++) sum += dy[r * P + p];
      dbias[p] = sum;
    }
  }
};
