import {
  defineOp,
  input,
  output,
  saved,
  scratch,
  type Attributes,
  type Fill,
  type Op,
  type OpCase,
  type TensorContract,
} from '../../plan/op.js';
import { attentionTensors } from '../attend/index.js';
import { SCORE_PARTS } from '../attend/plan.js';
import { gru } from '../gru/index.js';
import { lstm } from '../lstm/index.js';
import { rnn } from '../rnn/index.js';
import { decoderBackward, decoderForward, NOT_DECODERS } from './plan.js';
import * as native from './native.js';
import { decoderReference } from './reference.js';

const OPTIONAL = ['lengths', 'source_lengths', 'key', 'masked', 'dh'];

/** Sizes with some of the optional tensors; recurrent dropout where there is a `key`. */
const SHAPES: readonly {
  readonly dims: Readonly<Record<'T' | 'N' | 'S' | 'A' | 'H', number>>;
  readonly has?: readonly string[];
  readonly without?: readonly string[];
  readonly attributes?: Attributes;
  readonly thorough?: boolean;
  readonly minor?: boolean;
}[] = [
  { dims: { T: 1, N: 1, S: 1, A: 1, H: 1 } },
  { dims: { T: 4, N: 3, S: 5, A: 4, H: 6 }, has: ['lengths', 'source_lengths'] },
  { dims: { T: 4, N: 3, S: 5, A: 4, H: 6 }, has: OPTIONAL, attributes: { recurrentDropout: 0.4, site: 2 } },
  { dims: { T: 3, N: 2, S: 4, A: 4, H: 8 }, attributes: { variant: 'simple' }, without: ['bias_hh'] },
  { dims: { T: 3, N: 9, S: 17, A: 20, H: 20 }, has: ['lengths', 'source_lengths', 'dh'], minor: true },
  { dims: { T: 12, N: 32, S: 40, A: 128, H: 128 }, has: ['lengths', 'source_lengths'], thorough: true },
];

function fills({ T, N, S, H }: Readonly<Record<string, number>>): Readonly<Record<string, Fill>> {
  return {
    weight_hh: { scale: Math.min(0.4, 1 / Math.sqrt(H)) },
    weight_query: { scale: Math.min(0.4, 1 / Math.sqrt(H)) },
    lengths: { values: Array.from({ length: N }, (_, n) => 1 + ((3 * n + T - 1) % T)) },
    source_lengths: { values: Array.from({ length: N }, (_, n) => 1 + ((2 * n + S - 1) % S)) },
    key: { values: [7, 3] },
  };
}

/** @param own attributes of the cell that take turns */
function casesOf(own: readonly Attributes[]): OpCase[] {
  return SHAPES.flatMap(({ dims, has = [], without = [], attributes, ...rest }, i) => {
    const chosen = i === 1 || i === 2 ? own : [own[i % own.length]];
    return chosen.map((settings) => ({
      ...rest,
      dims,
      attributes: { ...settings, ...attributes },
      without: [...OPTIONAL.filter((name) => !has.includes(name)), ...without],
      fill: fills(dims),
      // Errors of the states go through the softmax and into every later step.
      tolerance: 3e-5,
    }));
  });
}

/**
 * A layer of a decoder with additive attention, in one loop: at each step one launch attends and one
 * is the cell's own step. The context's product with the input weights is not in the loop: values are
 * projected by these weights once, before it, and so the context comes as a part of the gates' sums.
 */
function decoder(kind: 'rnn' | 'lstm' | 'gru', cell: Op, gates: number, own: readonly Attributes[]): Op {
  const width = `${gates === 1 ? '' : gates}H`;
  const { projected, ...others } = Object.fromEntries(
    Object.entries(cell.tensors).filter(([name]) => !NOT_DECODERS.includes(name)),
  );
  const attributes = Object.fromEntries(
    Object.entries(cell.attributes).filter(([name]) => name !== 'reverse' && name !== 'dropout'),
  );
  const tensors: Readonly<Record<string, TensorContract>> = {
    projected: { ...projected, about: 'W_ih·x_t + b_ih of all inputs but the context' },
    ...others,
    ...attentionTensors,
    values: input(['S', 'N', width], {
      about: "the source by the context's columns of W_ih: their average is W_ih·context",
    }),
    source_lengths: input(['N'], {
      dtype: 'u32',
      optional: true,
      about: 'positions of each row, 1 to S. Default: S',
    }),
    attention: output(['T', 'N', 'S'], { about: 'the weights of all steps; 0 at padding of either kind' }),
    trace: saved(['2T*N*A+2T*N*S'], {
      about:
        'gradients of the queries [T,N,A], the queries [T,N,A], gradients of the scores [T,N,S], the ' +
        'weights [T,N,S]',
    }),
    inputs: scratch(['T', 'N', width], { about: 'projected, and the contexts added to it' }),
    dstate: scratch(['T+1', 'N', 'H'], {
      about: 'gradients of h_t but for what the cell brings; the last block is that of h0',
    }),
    row_scores: scratch([`${SCORE_PARTS}N`, 'A'], {
      about: "each row's shares of the gradient of weight_score",
    }),
  };
  return defineOp({
    name: `attention_${kind}`,
    about:
      `One ${kind.toUpperCase()} layer of a decoder over a window: before each step the state h_{t−1} ` +
      'attends to the source, as in `attend`, and the context joins the inputs of the step.',
    tensors,
    attributes,
    accumulates: ['dweight_hh', 'dbias_hh', 'dweight_query', 'dkeys', 'dweight_score', 'dvalues'],
    reference: decoderReference(kind),
    plan: { forward: decoderForward(cell, gates), backward: decoderBackward(cell, gates) },
    native: {
      forward: native.decoderForward(cell, gates),
      backward: native.decoderBackward(cell, gates),
    },
    cases: casesOf(own),
  });
}

export const attentionRnn = decoder('rnn', rnn, 1, [{}, { nonlinearity: 'relu' }]);
export const attentionLstm = decoder('lstm', lstm, 4, [{}]);
export const attentionGru = decoder('gru', gru, 3, [{ reset: 'after' }, { reset: 'before' }]);
