import { NONE } from '../../core/choices.js';
import type { Reference } from '../../plan/op.js';

/** id[r] = forced[r] unless that is NONE; chosen[r] = id[r] */
export const forward: Reference = ({ forced, id, chosen }, { R }) => {
  for (let r = 0; r < R; r++) {
    if (forced[r] !== NONE) id[r] = forced[r];
    chosen[r] = id[r];
  }
};
