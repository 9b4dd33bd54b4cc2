import type { Reference } from '../../plan/op.js';

/** c = a·b + bias */
export const forward: Reference = ({ a, b, bias, c }, { M, P, K }) => {
  for (let m = 0; m < M; m++) {
    for (let p = 0; p < P; p++) {
      let sum = bias ? bias[p] : 0;
      for (let k = 0; k < K; k++) sum += a[m * K + k] * b[k * P + p];
      c[m * P + p] = sum;
    }
  }
};

/** da = dc·bᵀ, db = aᵀ·dc, dbias = Σ_m dc[m,·] */
export const backward: Reference = ({ a, b, dc, da, db, dbias }, { M, P, K }) => {
  if (da) {
    for (let m = 0; m < M; m++) {
      for (let k = 0; k < K; k++) {
        let sum = 0;
        for (let p = 0; p < P; p++) sum += dc[m * P + p] * b[k * P + p];
        da[m * K + k] = sum;
      }
    }
  }
  if (db) {
    for (let k = 0; k < K; k++) {
      for (let p = 0; p < P; p++) {
        let sum = 0;
        for (let m = 0; m < M; m++) sum += a[m * K + k] * dc[m * P + p];
        db[k * P + p] = sum;
      }
    }
  }
  if (dbias) {
    for (let p = 0; p < P; p++) {
      let sum = 0;
      for (let m = 0; m < M; m++) sum += dc[m * P + p];
      dbias[p] = sum;
    }
  }
};
