import type { Reference } from '../../plan/op.js';

/** y = 1/(1 + e⁻ˣ) */
export const forward: Reference = ({ x, y }, { E }) => {
  for (let i = 0; i < E; i++) y[i] = 1 / (1 + Math.exp(-x[i]));
};

/** dx = y·(1 − y)·dy */
export const backward: Reference = ({ y, dy, dx }, { E }) => {
  for (let i = 0; i < E; i++) dx[i] = y[i] * (1 - y[i]) * dy[i];
};
