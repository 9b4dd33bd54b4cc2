import type { Reference } from '../../plan/op.js';

/** y[n] = ⌈x[n]/2⌉ */
export const forward: Reference = ({ x, y }, { N }) => {
  for (let n = 0; n < N; n++) y[n] = Math.ceil(x[n] / 2);
};
