import { ops } from '../../ops/index.js';
import type { CellRecord } from '../cell.js';
import { minlstm as facts } from './facts.js';

export const minlstm: CellRecord = {
  facts,
  op: ops.minlstm,

  // f, i = σ(x_f), σ(x_i); h' = f/(f + i) ⊙ h + i/(f + i) ⊙ x_h
  step(e) {
    return (x, { h }) => {
      const H = h.shape[1];
      const [f, i] = [e.sigmoid(e.columns(x, 0, H)), e.sigmoid(e.columns(x, H, H))];
      const sum = e.add(f, i);
      return {
        h: e.add(e.multiply(e.divide(f, sum), h), e.multiply(e.divide(i, sum), e.columns(x, 2 * H, H))),
      };
    };
  },
};
