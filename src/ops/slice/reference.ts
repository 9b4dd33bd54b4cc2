import type { Reference } from '../../plan/op.js';

/** y[s,c] = x[start+s,c] */
export const forward: Reference = ({ x, y }, { S, C }, attributes) => {
  const start = Number(attributes.start);
  for (let i = 0; i < S * C; i++) y[i] = x[start * C + i];
};

/** dx[start+s,c] = dy[s,c], and 0 in all other rows */
export const backward: Reference = ({ dy, dx }, { R, S, C }, attributes) => {
  const start = Number(attributes.start);
  dx.fill(0, 0, R * C);
  for (let i = 0; i < S * C; i++) dx[start * C + i] = dy[i];
};
