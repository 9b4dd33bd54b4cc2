import type { Reference } from '../../plan/op.js';

/** sum += x */
export const forward: Reference = ({ x, sum }, { E }) => {
  for (let i = 0; i < E; i++) sum[i] += x[i];
};
