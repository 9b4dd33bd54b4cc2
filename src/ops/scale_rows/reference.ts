import type { Reference } from '../../plan/op.js';

/** y[r,c] = scale[r]·x[r,c]; 0 where scale[r] is 0, even if x is NaN or infinite */
export const forward: Reference = ({ x, scale, y }, { R, C }) => {
  for (let r = 0; r < R; r++)
    for (let c = 0; c < C; c++) y[r * C + c] = scale[r] === 0 ? 0 : scale[r] * x[r * C + c];
};

/** dx[r,c] = scale[r]·dy[r,c] */
export const backward: Reference = ({ scale, dy, dx }, { R, C }) => {
  for (let r = 0; r < R; r++)
    for (let c = 0; c < C; c++) dx[r * C + c] = scale[r] === 0 ? 0 : scale[r] * dy[r * C + c];
};
