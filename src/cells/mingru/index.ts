import { ops } from '../../ops/index.js';
import type { CellRecord } from '../cell.js';
import { mingru as facts } from './facts.js';

export const mingru: CellRecord = {
  facts,
  op: ops.mingru,

  // z = σ(x_z); h' = (1 − z) ⊙ h + z ⊙ x_h
  step(e) {
    return (x, { h }) => {
      const H = h.shape[1];
      return { h: e.between(h, e.columns(x, H, H), e.sigmoid(e.columns(x, 0, H))) };
    };
  },
};
