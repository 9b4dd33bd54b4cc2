import type { Reference } from '../../plan/op.js';

/** y[r,v] = exp(x[r,v] − m) / Σ_u exp(x[r,u] − m), with m the largest of the row */
export const forward: Reference = ({ x, y }, { R, V }) => {
  for (let r = 0; r < R; r++) {
    let largest = -Infinity;
    for (let v = 0; v < V; v++) largest = Math.max(largest, x[r * V + v]);
    let sum = 0;
    for (let v = 0; v < V; v++) sum += Math.exp(x[r * V + v] - largest);
    for (let v = 0; v < V; v++) y[r * V + v] = Math.exp(x[r * V + v] - largest) / sum;
  }
};

/** dx[r,v] = y[r,v]·(dy[r,v] − Σ_u y[r,u]·dy[r,u]) */
export const backward: Reference = ({ y, dy, dx }, { R, V }) => {
  for (let r = 0; r < R; r++) {
    let dot = 0;
    for (let v = 0; v < V; v++) dot += y[r * V + v] * dy[r * V + v];
    for (let v = 0; v < V; v++) dx[r * V + v] = y[r * V + v] * (dy[r * V + v] - dot);
  }
};
