import { NO_FORCED_ID } from '../../core/generation-constants.js';
import type { Reference } from '../../plan/op.js';

/** id[r] = forced[r] unless that is NO_FORCED_ID; chosen[r] = id[r] */
export const forward: Reference = ({ forced, id, chosen }, { R }) => {
  for (let r = 0; r < R; r++) {
    if (forced[r] !== NO_FORCED_ID) id[r] = forced[r];
    chosen[r] = id[r];
  }
};
