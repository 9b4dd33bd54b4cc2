import type { Reference } from '../../plan/op.js';

/** y[t,n,s] = exp(x[t,n,s]) / Σ_{u < lengths[n]} exp(x[t,n,u]) for s < lengths[n], else 0 */
export const forward: Reference = ({ x, lengths, y }, { T, N, S }) => {
  for (let row = 0; row < T * N; row++) {
    const length = lengths ? lengths[row % N] : S;
    let largest = -Infinity;
    for (let s = 0; s < length; s++) largest = Math.max(largest, x[row * S + s]);
    let sum = 0;
    for (let s = 0; s < length; s++) sum += Math.exp(x[row * S + s] - largest);
    for (let s = 0; s < S; s++) y[row * S + s] = s < length ? Math.exp(x[row * S + s] - largest) / sum : 0;
  }
};

/** dx[t,n,s] = y[t,n,s]·(dy[t,n,s] − Σ_{u < lengths[n]} y[t,n,u]·dy[t,n,u]) for s < lengths[n], else 0 */
export const backward: Reference = ({ y, lengths, dy, dx }, { T, N, S }) => {
  for (let row = 0; row < T * N; row++) {
    const length = lengths ? lengths[row % N] : S;
    let sum = 0;
    for (let s = 0; s < length; s++) sum += y[row * S + s] * dy[row * S + s];
    for (let s = 0; s < S; s++) dx[row * S + s] = s < length ? y[row * S + s] * (dy[row * S + s] - sum) : 0;
  }
};
