import type { Reference } from '../../plan/op.js';

/** y[s,n,c] = a[s,n,c] where t + s < lengths[n], else b[s,n,c], or 0 without b */
export const forward: Reference = ({ a, b, lengths, y }, { T, N, C }, { t }) => {
  for (let i = 0; i < T * N * C; i++) {
    const [step, n] = [Math.floor(i / (N * C)), Math.floor(i / C) % N];
    y[i] = Number(t) + step < lengths[n] ? a[i] : b ? b[i] : 0;
  }
};

/** da[s,n,c] = dy[s,n,c] where t + s < lengths[n], else 0; db has dy in the other places, else 0 */
export const backward: Reference = ({ lengths, dy, da, db }, { T, N, C }, { t }) => {
  for (let i = 0; i < T * N * C; i++) {
    const [step, n] = [Math.floor(i / (N * C)), Math.floor(i / C) % N];
    const continues = Number(t) + step < lengths[n];
    if (da) da[i] = continues ? dy[i] : 0;
    if (db) db[i] = continues ? 0 : dy[i];
  }
};
