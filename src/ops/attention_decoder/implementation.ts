import type { OpImplementation } from '../../plan/op.js';
import type { Fill, OpCase } from '../../plan/op-case.js';
import type { Attributes } from '../../plan/planner.js';
import * as gru from '../gru/implementation.js';
import * as lstm from '../lstm/implementation.js';
import * as rnn from '../rnn/implementation.js';
import * as native from './native.js';
import { decoderBackward, decoderForward } from './plan.js';
import { decoderReference } from './reference.js';

const OPTIONAL = ['lengths', 'source_lengths', 'key', 'masked', 'dh'];

/** Sizes, each with some of the optional tensors. Those with a `key` use recurrent dropout. */
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

/** @param own the cell's own settings; cases take them in turn */
function casesOf(own: readonly Attributes[]): OpCase[] {
  return SHAPES.flatMap(({ dims, has = [], without = [], attributes, ...rest }, i) => {
    const chosen = i === 1 || i === 2 ? own : [own[i % own.length]];
    return chosen.map((settings) => ({
      ...rest,
      dims,
      attributes: { ...settings, ...attributes },
      without: [...OPTIONAL.filter((name) => !has.includes(name)), ...without],
      fill: fills(dims),
      // Errors of a state pass through the softmax into every later step.
      tolerance: 3e-5,
    }));
  });
}

function implementationOf(
  kind: 'rnn' | 'lstm' | 'gru',
  cell: Required<Pick<OpImplementation, 'plan' | 'native'>>,
  gates: number,
  own: readonly Attributes[],
): OpImplementation {
  return {
    reference: decoderReference(kind),
    halves: 'inside',
    plan: { forward: decoderForward(cell.plan, gates), backward: decoderBackward(cell.plan, gates) },
    native: {
      forward: native.decoderForward(cell.native, gates),
      backward: native.decoderBackward(cell.native, gates),
    },
    cases: casesOf(own),
  };
}

export const implementations = {
  rnn: implementationOf('rnn', rnn, 1, [{}, { nonlinearity: 'relu' }]),
  lstm: implementationOf('lstm', lstm, 4, [{}]),
  gru: implementationOf('gru', gru, 3, [{ reset: 'after' }, { reset: 'before' }]),
};
