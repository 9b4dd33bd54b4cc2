import type { Reference } from '../../plan/op.js';

/** y = tanh x */
export const forward: Reference = ({ x, y }, { E }) => {
  for (let i = 0; i < E; i++) y[i] = Math.tanh(x[i]);
};

/** dx = (1 − y²)·dy */
export const backward: Reference = ({ y, dy, dx }, { E }) => {
  for (let i = 0; i < E; i++) dx[i] = (1 - y[i] * y[i]) * dy[i];
};
