import { ops } from '../../ops/index.js';
import type { Tensor } from '../../plan/tensor.js';
import { recurrentOf, type CellRecord } from '../cell.js';
import { gru as facts } from './facts.js';

export const gru: CellRecord = {
  facts,
  op: ops.gru,
  attentionOp: ops.attention_gru,
  attributes: ({ reset }) => ({ reset }),

  // r, z = σ(x + W·h + b); h' = (1 − z) ⊙ n + z ⊙ h with
  // n = tanh(x_n + r ⊙ (W_n·h + b_n)), or with reset 'before': n = tanh(x_n + W_n·(r ⊙ h) + b_n)
  step(e, inputs) {
    const { weight, bias, H } = recurrentOf(inputs);
    if (inputs.reset === 'after') {
      return (x, states, operand) => {
        const product = e.linear(operand, weight, bias);
        const sum = e.add(e.columns(x, 0, 2 * H), e.columns(product, 0, 2 * H));
        const [r, z] = [e.sigmoid(e.columns(sum, 0, H)), e.sigmoid(e.columns(sum, H, H))];
        const n = e.tanh(e.add(e.columns(x, 2 * H, H), e.multiply(r, e.columns(product, 2 * H, H))));
        return { h: e.between(n, states.h, z) };
      };
    }
    const part = (from: number, count: number): { w: Tensor; b: Tensor | undefined } => ({
      w: e.rows(weight, from * H, count * H),
      b: bias && e.view(e.columns(e.view(bias, [1, 3 * H]), from * H, count * H), [count * H]),
    });
    const [gates, candidate] = [part(0, 2), part(2, 1)];
    return (x, states, operand) => {
      const sum = e.add(e.columns(x, 0, 2 * H), e.linear(operand, gates.w, gates.b));
      const [r, z] = [e.sigmoid(e.columns(sum, 0, H)), e.sigmoid(e.columns(sum, H, H))];
      const n = e.tanh(
        e.add(e.columns(x, 2 * H, H), e.linear(e.multiply(r, operand), candidate.w, candidate.b)),
      );
      return { h: e.between(n, states.h, z) };
    };
  },
};
