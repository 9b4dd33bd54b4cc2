import { ops } from '../../ops/index.js';
import { recurrentOf, type CellRecord } from '../cell.js';
import { rnn as facts } from './facts.js';

export const rnn: CellRecord = {
  facts,
  op: ops.rnn,
  attentionOp: ops.attention_rnn,
  attributes: ({ nonlinearity }) => ({ nonlinearity }),

  // h' = f(x + W_hh·h + b_hh)
  step(e, inputs) {
    const { weight, bias } = recurrentOf(inputs);
    return (x, _, operand) => ({ h: e[inputs.nonlinearity](e.add(x, e.linear(operand, weight, bias))) });
  },
};
