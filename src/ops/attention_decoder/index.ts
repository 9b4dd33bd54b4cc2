import { defineOp, input, output, saved, scratch, type Op, type TensorContract } from '../../plan/op.js';
import { attentionTensors, SCORE_PARTS } from '../attend/contract.js';
import { gru } from '../gru/index.js';
import { lstm } from '../lstm/index.js';
import { rnn } from '../rnn/index.js';
import { NOT_DECODERS } from './contract.js';

/**
 * One layer of a decoder with additive attention, in one loop: at each step one launch attends and
 * one runs the cell's step. The values are multiplied by the context's input weights once, before
 * the loop. So attention returns the context's part of the gate sums, and the loop needs no product.
 */
function decoder(kind: 'rnn' | 'lstm' | 'gru', cell: Op, gates: number): Op {
  const width = `${gates === 1 ? '' : gates}H`;
  const { projected, ...others } = Object.fromEntries(
    Object.entries(cell.tensors).filter(([name]) => !NOT_DECODERS.includes(name)),
  );
  const attributes = Object.fromEntries(
    Object.entries(cell.attributes).filter(([name]) => name !== 'reverse' && name !== 'dropout'),
  );
  const tensors: Readonly<Record<string, TensorContract>> = {
    projected: { ...projected, about: 'W_ih·x_t + b_ih of all inputs except the context' },
    ...others,
    ...attentionTensors,
    values: input(['S', 'N', width], {
      about: "the source times the context's columns of W_ih: their average is W_ih·context",
    }),
    source_lengths: input(['N'], {
      dtype: 'u32',
      optional: true,
      about: 'source positions of each row, 1 to S. Default: S',
    }),
    attention: output(['T', 'N', 'S'], {
      about: 'the weights of all steps; 0 at padded steps and positions',
    }),
    trace: saved(['2T*N*A+2T*N*S'], {
      about:
        'gradients of the queries [T,N,A], the queries [T,N,A], gradients of the scores [T,N,S], the ' +
        'weights [T,N,S]',
    }),
    inputs: scratch(['T', 'N', width], { about: 'projected plus the contexts' }),
    dstate: scratch(['T+1', 'N', 'H'], {
      about: "gradients of h_t without the cell's own part; the last block is that of h0",
    }),
    row_scores: scratch([`${SCORE_PARTS}N`, 'A'], {
      about: "each row's part of the gradient of weight_score",
    }),
  };
  return defineOp({
    name: `attention_${kind}`,
    about:
      `One ${kind.toUpperCase()} layer of a decoder over a window: before each step the state h_{t−1} ` +
      'attends to the source, as in `attend`, and the context is added to the inputs of the step.',
    tensors,
    attributes,
    accumulates: ['dweight_hh', 'dbias_hh', 'dweight_query', 'dkeys', 'dweight_score', 'dvalues'],
    backward: true,
    load: async () => (await import('./implementation.js')).implementations[kind],
  });
}

export const attentionRnn = decoder('rnn', rnn, 1);
export const attentionLstm = decoder('lstm', lstm, 4);
export const attentionGru = decoder('gru', gru, 3);
