import type { Reference } from '../../plan/op.js';

/** y[n,c] = a[n,c] where t < lengths[n], else b[n,c], or 0 without b */
export const forward: Reference = ({ a, b, lengths, y }, { N, C }, { t }) => {
  for (let i = 0; i < N * C; i++) y[i] = Number(t) < lengths[Math.floor(i / C)] ? a[i] : b ? b[i] : 0;
};

/** da[n,c] = dy[n,c] where t < lengths[n], else 0; db the other way round */
export const backward: Reference = ({ lengths, dy, da, db }, { N, C }, { t }) => {
  for (let i = 0; i < N * C; i++) {
    const goesOn = Number(t) < lengths[Math.floor(i / C)];
    if (da) da[i] = goesOn ? dy[i] : 0;
    if (db) db[i] = goesOn ? 0 : dy[i];
  }
};
