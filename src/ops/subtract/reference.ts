import type { Reference } from '../../plan/op.js';

/** y = a − b */
export const forward: Reference = ({ a, b, y }, { E }) => {
  for (let i = 0; i < E; i++) y[i] = a[i] - b[i];
};

/** da = dy, db = −dy */
export const backward: Reference = ({ dy, da, db }, { E }) => {
  for (let i = 0; i < E; i++) {
    if (da) da[i] = dy[i];
    if (db) db[i] = -dy[i];
  }
};
