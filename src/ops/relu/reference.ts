import type { Reference } from '../../plan/op.js';

/** y = max(x, 0); NaN stays NaN, so that an earlier fault stays visible */
export const forward: Reference = ({ x, y }, { E }) => {
  for (let i = 0; i < E; i++) y[i] = x[i] < 0 ? 0 : x[i];
};

/** dx = dy where y > 0, else 0 */
export const backward: Reference = ({ y, dy, dx }, { E }) => {
  for (let i = 0; i < E; i++) dx[i] = y[i] > 0 ? dy[i] : 0;
};
