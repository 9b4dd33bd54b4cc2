import type { Reference } from '../../plan/op.js';

/** y[r,m] = x[r,start+m] */
export const forward: Reference = ({ x, y }, { R, C, M }, attributes) => {
  const start = Number(attributes.start);
  for (let r = 0; r < R; r++) {
    for (let m = 0; m < M; m++) y[r * M + m] = x[r * C + start + m];
  }
};

/** dx[r,start+m] = dy[r,m], and 0 in all other columns */
export const backward: Reference = ({ dy, dx }, { R, C, M }, attributes) => {
  const start = Number(attributes.start);
  dx.fill(0, 0, R * C);
  for (let r = 0; r < R; r++) {
    for (let m = 0; m < M; m++) dx[r * C + start + m] = dy[r * M + m];
  }
};
