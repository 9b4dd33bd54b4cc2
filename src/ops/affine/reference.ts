import type { Reference } from '../../plan/op.js';

/** y = scale·x + shift */
export const forward: Reference = ({ x, y }, { E }, { scale, shift }) => {
  for (let i = 0; i < E; i++) y[i] = Number(scale) * x[i] + Number(shift);
};

/** dx = scale·dy */
export const backward: Reference = ({ dy, dx }, { E }, { scale }) => {
  for (let i = 0; i < E; i++) dx[i] = Number(scale) * dy[i];
};
