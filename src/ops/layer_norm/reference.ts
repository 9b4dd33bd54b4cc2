import type { Reference } from '../../plan/op.js';

/**
 * With the mean and the variance of row r over its C columns, and rstd = 1/√(variance + eps):
 * y[r,c] = (x[r,c] − mean)·rstd·weight[c] + bias[c]. statistics[r] = (mean, rstd).
 */
export const forward: Reference = ({ x, weight, bias, y, statistics }, { R, C }, { eps }) => {
  for (let r = 0; r < R; r++) {
    let mean = 0;
    for (let c = 0; c < C; c++) mean += x[r * C + c] / C;
    let variance = 0;
    for (let c = 0; c < C; c++) variance += (x[r * C + c] - mean) ** 2 / C;
    const rstd = 1 / Math.sqrt(variance + Number(eps));
    for (let c = 0; c < C; c++)
      y[r * C + c] = (x[r * C + c] - mean) * rstd * (weight ? weight[c] : 1) + (bias ? bias[c] : 0);
    statistics[2 * r] = mean;
    statistics[2 * r + 1] = rstd;
  }
};

/**
 * With z = (x − mean)·rstd and g = dy ⊙ weight: dx = rstd·(g − mean of g − z·mean of g ⊙ z) in each row;
 * dweight = Σ_r dy ⊙ z, dbias = Σ_r dy
 */
export const backward: Reference = ({ x, weight, dy, statistics, dx, dweight, dbias }, { R, C }) => {
  dweight?.fill(0, 0, C);
  dbias?.fill(0, 0, C);
  for (let r = 0; r < R; r++) {
    const [mean, rstd] = [statistics[2 * r], statistics[2 * r + 1]];
    const z = (c: number): number => (x[r * C + c] - mean) * rstd;
    const g = (c: number): number => dy[r * C + c] * (weight ? weight[c] : 1);
    let [sum, product] = [0, 0];
    for (let c = 0; c < C; c++) {
      sum += g(c) / C;
      product += (g(c) * z(c)) / C;
      if (dweight) dweight[c] += dy[r * C + c] * z(c);
      if (dbias) dbias[c] += dy[r * C + c];
    }
    if (dx) for (let c = 0; c < C; c++) dx[r * C + c] = rstd * (g(c) - sum - z(c) * product);
  }
};
