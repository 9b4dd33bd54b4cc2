import type { Reference } from '../../plan/op.js';

/** c = aᵀ·b */
export const forward: Reference = ({ a, b, c }, { M, P, K }) => {
  for (let m = 0; m < M; m++) {
    for (let p = 0; p < P; p++) {
      let sum = 0;
      for (let k = 0; k < K; k++) sum += a[k * M + m] * b[k * P + p];
      c[m * P + p] = sum;
    }
  }
};

/** da = b·dcᵀ, db = a·dc */
export const backward: Reference = ({ a, b, dc, da, db }, { M, P, K }) => {
  for (let k = 0; da && k < K; k++) {
    for (let m = 0; m < M; m++) {
      let sum = 0;
      for (let p = 0; p < P; p++) sum += b[k * P + p] * dc[m * P + p];
      da[k * M + m] = sum;
    }
  }
  for (let k = 0; db && k < K; k++) {
    for (let p = 0; p < P; p++) {
      let sum = 0;
      for (let m = 0; m < M; m++) sum += a[k * M + m] * dc[m * P + p];
      db[k * P + p] = sum;
    }
  }
};
