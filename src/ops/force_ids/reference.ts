import type { Reference } from '../../plan/op.js';

/** In `forced`: the row keeps its own id. */
export const NONE = 0xffffffff;

/** id[r] = forced[r] unless that is NONE; chosen[r] = id[r] */
export const forward: Reference = ({ forced, id, chosen }, { R }) => {
  for (let r = 0; r < R; r++) {
    if (forced[r] !== NONE) id[r] = forced[r];
    chosen[r] = id[r];
  }
};
