import { describe, expect, test } from 'vitest';
import { OptionError } from '../../src/core/errors.js';
import { FACTS, hasRecurrentWeights, type CellKind } from '../../src/cells/facts.js';
import {
  checkInitializer,
  initialParameters,
  torchDefault,
  type Initializer,
} from '../../src/layers/initializers.js';
import { charModel } from '../../src/text/char-model.js';
import { Vocabulary } from '../../src/text/vocabulary.js';
import { ParameterLayout, type ParameterSpec } from '../../src/layers/parameters.js';
import { Random, STREAM } from '../../src/core/random.js';

const [C, H, V] = [5, 8, 11];

/** Two layers, the second in both directions, an embedding, a head and learned states. */
function layoutOf(cell: CellKind, biases: 'both' | 'single' = 'both'): ParameterLayout {
  const gates = FACTS[cell].gates;
  const rows = gates.length * H;
  const recurrent = hasRecurrentWeights(cell);
  const layer = (suffix: string, inputs: number): ParameterSpec[] => [
    { name: `rnn.weight_ih_${suffix}`, shape: [rows, inputs], gates },
    ...(recurrent ? [{ name: `rnn.weight_hh_${suffix}`, shape: [rows, H], gates }] : []),
    ...(biases === 'both' || !recurrent ? [{ name: `rnn.bias_ih_${suffix}`, shape: [rows], gates }] : []),
    ...(recurrent ? [{ name: `rnn.bias_hh_${suffix}`, shape: [rows], gates }] : []),
    { name: `rnn.h0_${suffix}`, shape: [H] },
  ];
  return new ParameterLayout([
    { name: 'embedding.weight', shape: [V, C] },
    ...layer('l0', C),
    ...layer('l1', H),
    ...layer('l1_reverse', H),
    { name: 'head.weight', shape: [V, H] },
    { name: 'head.bias', shape: [V] },
  ]);
}

function initial(
  cell: CellKind,
  init: Initializer,
  biases: 'both' | 'single' = 'both',
  seed = 3,
): Record<string, Float32Array> {
  const layout = layoutOf(cell, biases);
  const arrays = layout.unpack(initialParameters(layout, init, seed));
  return Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, data]));
}

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

describe('kinds', () => {
  test('uniform draws weights and biases one after the other from the stream of weights', () => {
    const layout = new ParameterLayout([
      { name: 'rnn.weight_ih_l0', shape: [2, 3], gates: ['h'] },
      { name: 'rnn.bias_ih_l0', shape: [2], gates: ['h'] },
    ]);
    const values = layout.unpack(initialParameters(layout, { kind: 'uniform', bound: 0.5 }, 7));
    const random = new Random(7, STREAM.weights);
    const drawn = Float32Array.from({ length: 8 }, () => (2 * random.uniform() - 1) * 0.5);
    expect([...values['rnn.weight_ih_l0'].data, ...values['rnn.bias_ih_l0'].data]).toEqual([...drawn]);
  });

  test('normal draws weights and sets biases to 0', () => {
    const layout = new ParameterLayout([
      { name: 'rnn.bias_ih_l0', shape: [2], gates: ['h'] },
      { name: 'rnn.weight_ih_l0', shape: [2, 3], gates: ['h'] },
    ]);
    const values = layout.unpack(initialParameters(layout, { kind: 'normal', deviation: 0.01 }, 7));
    const random = new Random(7, STREAM.weights);
    expect([...values['rnn.weight_ih_l0'].data]).toEqual([
      ...Float32Array.from({ length: 6 }, () => 0.01 * random.normal()),
    ]);
    expect([...values['rnn.bias_ih_l0'].data]).toEqual([0, 0]);
  });

  test.each(['rnn', 'gru', 'lstm'] as const)(
    'glorot counts each gate of %s separately, and sets biases to 0',
    (cell) => {
      const values = initial(cell, { kind: 'glorot' });
      for (const [name, inputs, outputs] of [
        ['rnn.weight_ih_l0', C, H],
        ['rnn.weight_hh_l0', H, H],
        ['rnn.weight_ih_l1_reverse', H, H],
        ['head.weight', H, V],
        ['embedding.weight', C, V],
      ] as const) {
        const bound = Math.sqrt(6 / (inputs + outputs));
        expect(largest(values[name]), name).toBeLessThanOrEqual(bound);
        expect(largest(values[name]), name).toBeGreaterThan(0.8 * bound);
      }
      expect([...values['rnn.bias_hh_l1'], ...values['head.bias']]).toEqual(
        Array(values['rnn.bias_hh_l1'].length + V).fill(0),
      );
    },
  );

  test.each([torchDefault(H), { kind: 'normal', deviation: 1 }, { kind: 'glorot' }] as Initializer[])(
    'learned states start at 0 with %o',
    (init) => {
      const values = initial('gru', init);
      for (const suffix of ['l0', 'l1', 'l1_reverse'])
        expect([...values[`rnn.h0_${suffix}`]]).toEqual(Array(H).fill(0));
    },
  );

  test.each([
    torchDefault(H),
    { kind: 'normal', deviation: 1 },
    { kind: 'glorot' },
    { kind: 'glorot', recurrent: 'orthogonal' },
  ] as Initializer[])(
    'the seed decides, with %o: the same gives the same numbers, another one gives others in every ' +
      'array that is drawn',
    (init) => {
      const values = initial('lstm', init);
      expect(initial('lstm', init)).toEqual(values);
      const others = initial('lstm', init, 'both', 4);
      const equal = Object.keys(values).filter((name) => values[name].join() === others[name].join());
      // Arrays that are not drawn are 0 with every seed.
      expect(equal).toEqual(
        Object.keys(values).filter(
          (name) => name.includes('h0') || (init.kind !== 'uniform' && name.includes('bias')),
        ),
      );
    },
  );

  test('identity is equal for all seeds, and the drawn weights beside it are not', () => {
    const [values, others] = [3, 4].map((seed) =>
      initial('rnn', { kind: 'glorot', recurrent: 'identity' }, 'both', seed),
    );
    expect(others['rnn.weight_hh_l0']).toEqual(values['rnn.weight_hh_l0']);
    expect(others['rnn.weight_ih_l0']).not.toEqual(values['rnn.weight_ih_l0']);
  });
});

describe('an embedding', () => {
  const deviationOf = (values: Float32Array): number =>
    Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

  test('starts from N(0, 1) with the default of PyTorch, and no other parameter does', () => {
    const layout = new ParameterLayout([
      { name: 'embedding.weight', shape: [200, 50] },
      { name: 'head.weight', shape: [200, 50] },
    ]);
    const values = layout.unpack(initialParameters(layout, torchDefault(50), 7));
    const vectors = values['embedding.weight'].data;
    expect(Math.abs(deviationOf(vectors) - 1)).toBeLessThan(0.03);
    expect(Math.abs(vectors.reduce((sum, value) => sum + value, 0) / vectors.length)).toBeLessThan(0.03);
    expect(largest(vectors)).toBeGreaterThan(3); // normal, not uniform
    expect(largest(values['head.weight'].data)).toBeLessThanOrEqual(1 / Math.sqrt(50));
  });

  test('starts so in a character model without the option init', () => {
    const vocabulary = Vocabulary.fromText('abc');
    expect(charModel({ vocabulary, hidden: 4, embedding: 3 }).config.init).toEqual({
      kind: 'uniform',
      bound: 0.5,
      embedding: 1,
    });
  });

  test.each([0, 0.1, 2])('has the deviation %d that the option asks for, with any kind', (deviation) => {
    for (const kind of [{ kind: 'glorot' }, { kind: 'normal', deviation: 0.5 }] as const) {
      const values = initial('gru', { ...kind, embedding: deviation });
      expect(Math.abs(deviationOf(values['embedding.weight']) - deviation)).toBeLessThanOrEqual(
        0.2 * deviation,
      );
    }
  });

  test('without a deviation, as in older checkpoints, starts like the other weights', () => {
    const values = initial('gru', { kind: 'uniform', bound: 0.25 });
    const random = new Random(3, STREAM.weights);
    const drawn = Float32Array.from({ length: V * C }, () => (2 * random.uniform() - 1) * 0.25);
    expect(values['embedding.weight']).toEqual(drawn);
  });
});

describe('recurrent weights', () => {
  test.each(['rnn', 'gru', 'lstm'] as const)(
    'orthogonal: W·Wᵀ is 1 for each gate of %s, and no two blocks are the same',
    (cell) => {
      const values = initial(cell, { kind: 'glorot', recurrent: 'orthogonal' });
      const blocks = ['l0', 'l1', 'l1_reverse'].flatMap((suffix) =>
        FACTS[cell].gates.map((_, gate) =>
          values[`rnn.weight_hh_${suffix}`].subarray(gate * H * H, (gate + 1) * H * H),
        ),
      );
      for (const block of blocks) {
        for (let i = 0; i < H; i++) {
          for (let j = 0; j < H; j++) {
            let product = 0;
            for (let k = 0; k < H; k++) product += block[i * H + k] * block[j * H + k];
            expect(Math.abs(product - (i === j ? 1 : 0))).toBeLessThan(1e-6);
          }
        }
      }
      expect(new Set(blocks.map((block) => block.join())).size).toBe(blocks.length);
    },
  );

  test('orthogonal works at H = 200, and at H = 1, where it is 1 or −1', () => {
    for (const size of [1, 200]) {
      const layout = new ParameterLayout([{ name: 'weight_hh_l0', shape: [size, size], gates: ['h'] }]);
      const { data } = layout.unpack(
        initialParameters(layout, { kind: 'glorot', recurrent: 'orthogonal' }, 1),
      ).weight_hh_l0;
      for (let i = 0; i < size; i++) {
        for (let j = 0; j <= i; j++) {
          let product = 0;
          for (let k = 0; k < size; k++) product += data[i * size + k] * data[j * size + k];
          if (Math.abs(product - (i === j ? 1 : 0)) > 1e-6) expect.fail(`rows ${i} and ${j}: ${product}`);
        }
      }
    }
  });

  test('identity leaves the state of a relu RNN as it is', () => {
    const weight = initial('rnn', { kind: 'normal', deviation: 0.001, recurrent: 'identity' })[
      'rnn.weight_hh_l1'
    ];
    expect([...weight]).toEqual(Array.from({ length: H * H }, (_, e) => (e % (H + 1) === 0 ? 1 : 0)));
  });

  test('does not change how input weights are drawn', () => {
    const values = initial('gru', { ...torchDefault(H), recurrent: 'orthogonal' });
    expect(values['embedding.weight']).toEqual(initial('gru', torchDefault(H))['embedding.weight']);
    expect(values['rnn.weight_ih_l0']).toEqual(initial('gru', torchDefault(H))['rnn.weight_ih_l0']);
  });
});

describe('forget bias', () => {
  const plain = torchDefault(H);

  test("is the second block of the LSTM's bias_ih, with 0 in bias_hh; all else stays", () => {
    const values = initial('lstm', { ...plain, forgetBias: 1.5 });
    const before = initial('lstm', plain);
    for (const suffix of ['l0', 'l1', 'l1_reverse']) {
      expect([...values[`rnn.bias_ih_${suffix}`].subarray(H, 2 * H)]).toEqual(Array(H).fill(1.5));
      expect([...values[`rnn.bias_hh_${suffix}`].subarray(H, 2 * H)]).toEqual(Array(H).fill(0));
    }
    for (const [name, array] of Object.entries(before)) {
      if (name.includes('bias_')) array.set(values[name].subarray(H, 2 * H), H);
      expect(values[name], name).toEqual(array);
    }
  });

  test('sets a single bias', () => {
    const values = initial('lstm', { kind: 'glorot', forgetBias: 1 }, 'single');
    expect([...values['rnn.bias_hh_l0']]).toEqual(
      [0, 1, 0, 0].flatMap((value) => Array<number>(H).fill(value)),
    );
  });

  test('is the first block of minLSTM', () => {
    expect([...initial('minlstm', { kind: 'glorot', forgetBias: 2 })['rnn.bias_ih_l0']]).toEqual(
      [2, 0, 0].flatMap((value) => Array<number>(H).fill(value)),
    );
  });
});

describe('initializers are refused', () => {
  const refusal = (init: unknown, cell?: CellKind, biases?: 'none'): string => {
    try {
      checkInitializer(init as Initializer, cell, biases);
    } catch (error) {
      expect(error).toBeInstanceOf(OptionError);
      return (error as Error).message;
    }
    return 'accepted';
  };

  test.each([
    [{ kind: 'zero' }, undefined, 'init.kind: expected one of uniform, normal, glorot, got "zero".'],
    [
      { kind: 'glorot', bound: 1 },
      undefined,
      'init.bound: expected one of the options kind, recurrent, forgetBias, embedding, got 1.',
    ],
    [
      { kind: 'normal', deviation: -1 },
      undefined,
      'init.deviation: expected a finite number of at least 0, got -1.',
    ],
    [{ kind: 'uniform' }, undefined, 'init.bound: expected a finite number of at least 0, got undefined.'],
    [
      { kind: 'glorot', recurrent: 'zero' },
      undefined,
      'init.recurrent: expected one of orthogonal, identity, got "zero".',
    ],
    [
      { kind: 'glorot', recurrent: 'identity' },
      'lstm',
      'init.recurrent: expected "orthogonal" for the cell lstm; "identity" is for the cell rnn, whose ' +
        'weight_hh is one square [H,H], got "identity".',
    ],
    [
      { kind: 'glorot', recurrent: 'orthogonal' },
      'mingru',
      'init.recurrent: expected none for the cell mingru, which has no recurrent weights, got "orthogonal".',
    ],
    [
      { kind: 'glorot', embedding: -1 },
      undefined,
      'init.embedding: expected a finite number of at least 0, got -1.',
    ],
    [{ kind: 'glorot', forgetBias: NaN }, 'lstm', 'init.forgetBias: expected a finite number, got NaN.'],
    [
      { kind: 'glorot', forgetBias: 1 },
      'gru',
      'init.forgetBias: expected none for the cell gru; cells with a forget gate: lstm, minlstm, got 1.',
    ],
  ] as const)('%o for %s', (init, cell, message) => {
    expect(refusal(init, cell)).toBe(message);
  });

  test('with a forget bias for layers without biases', () => {
    expect(refusal({ kind: 'glorot', forgetBias: 1 }, 'lstm', 'none')).toBe(
      'init.forgetBias: expected none where biases are "none"; set biases to "both" or "single", got 1.',
    );
  });

  test('but not if they fit', () => {
    expect(refusal({ kind: 'uniform', bound: 0.1, recurrent: 'identity' }, 'rnn')).toBe('accepted');
    expect(refusal({ kind: 'glorot', recurrent: 'orthogonal', forgetBias: 1 }, 'lstm')).toBe('accepted');
  });
});
