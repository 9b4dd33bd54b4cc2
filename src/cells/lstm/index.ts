import { ops } from '../../ops/index.js';
import type { Tensor } from '../../plan/tensor.js';
import { recurrentOf, type CellRecord } from '../cell.js';
import { lstm as facts } from './facts.js';

export const lstm: CellRecord = {
  facts,
  op: ops.lstm,
  attentionOp: ops.attention_lstm,

  // (i, f, g, o) = x + W_hh·h + b_hh; c' = σ(f) ⊙ c + σ(i) ⊙ tanh(g); h' = σ(o) ⊙ tanh(c')
  step(e, inputs) {
    const { weight, bias, H } = recurrentOf(inputs);
    return (x, states, operand) => {
      const sum = e.add(x, e.linear(operand, weight, bias));
      const gate = (g: number): Tensor => e.columns(sum, g * H, H);
      const [i, f, g, o] = [e.sigmoid(gate(0)), e.sigmoid(gate(1)), e.tanh(gate(2)), e.sigmoid(gate(3))];
      const c = e.add(e.multiply(f, states.c), e.multiply(i, g));
      return { h: e.multiply(o, e.tanh(c)), c };
    };
  },
};
