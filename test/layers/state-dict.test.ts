import { describe, expect, test } from 'vitest';
import {
  openDevice,
  readSafetensors,
  RecurrentLayers,
  ShapeError,
  writeSafetensors,
  type StateDict,
} from '../../src/index.js';
import { CharModel, CHAR_MODEL_DEFAULTS, type CharModelConfig } from '../../src/text/char-model.js';
import { torchDefault } from '../../src/layers/initializers.js';
import { Vocabulary } from '../../src/text/vocabulary.js';

const H = 8;
const vocabulary = Vocabulary.fromSymbols(['a', 'b', 'c']);

function modelOf(more: Partial<CharModelConfig>): CharModel {
  return new CharModel(vocabulary, { ...CHAR_MODEL_DEFAULTS, hidden: H, init: torchDefault(H), ...more });
}

/** Weights of a model, all 0.5. */
function weightsOf(model: CharModel): Record<string, StateDict[string]> {
  return model.layout.unpack(new Float32Array(model.layout.elements).fill(0.5));
}

/** The message of loading. */
function refusal(model: CharModel, values: StateDict): string {
  try {
    model.layout.pack(values);
  } catch (error) {
    expect(error).toBeInstanceOf(ShapeError);
    return (error as Error).message;
  }
  return 'accepted';
}

describe('a state_dict that does not fit', () => {
  test('lists missing, extra and misshapen tensors at once, in letters and numbers', () => {
    const model = modelOf({ cell: 'lstm' });
    const rest = Object.fromEntries(
      Object.entries(weightsOf(model)).filter(([name]) => name !== 'rnn.bias_ih_l0'),
    );
    const half = { shape: [3, 4], data: new Float32Array(12) };
    expect(
      refusal(model, {
        ...rest,
        'head.weight': half,
        'rnn.weight_ih_l0': { shape: [32, 5], data: new Float32Array(160) },
        extra: half,
      }),
    ).toBe(
      'The state_dict does not fit the model: rnn.weight_ih_l0 must be [4H,C] = [32,3], is [32,5]; ' +
        'rnn.bias_ih_l0 [4H] = [32] is missing; ' +
        'head.weight must be [V,H] = [3,8], is [3,4]; extra [3,4] is not of this model.',
    );
  });

  test('of both directions and an embedding', () => {
    const model = modelOf({ cell: 'gru', bidirectional: true, embedding: 5, initialState: 'learned' });
    const message = refusal(model, {});
    for (const part of [
      'embedding.weight [V,C] = [3,5]',
      'rnn.weight_ih_l0 [3H,C] = [24,5]',
      'rnn.weight_hh_l0_reverse [3H,H] = [24,8]',
      'rnn.h0_l0_reverse [H] = [8]',
      'head.weight [V,2H] = [3,16]',
      'head.bias [V] = [3]',
    ])
      expect(message).toContain(`${part} is missing`);
  });

  test.each([
    [
      'lstm',
      'gru',
      "rnn.weight_hh_l0 [24,8] is a GRU's: G = 3, where the model is an LSTM with G = 4, [4H,H] = [32,8]",
    ],
    [
      'gru',
      'lstm',
      "rnn.weight_hh_l0 [32,8] is an LSTM's: G = 4, where the model is a GRU with G = 3, [3H,H] = [24,8]",
    ],
    [
      'lstm',
      'rnn',
      "rnn.weight_hh_l0 [8,8] is an RNN's: G = 1, where the model is an LSTM with G = 4, [4H,H] = [32,8]",
    ],
  ] as const)('a model of %s is told of weights of %s', (cell, other, message) => {
    const text = refusal(modelOf({ cell }), weightsOf(modelOf({ cell: other })));
    expect(text).toContain(`The state_dict does not fit the model: ${message};`);
    expect(text.match(/must be/g)).toHaveLength(4);
    expect(text).not.toContain('\n');
  });

  test.each([
    [
      'lstm',
      'mingru',
      'rnn.weight_ih_l0 [16,3] without weight_hh fits a minGRU: G = 2, H = 8, where the model is an ' +
        'LSTM with G = 4, which has rnn.weight_hh_l0 [4H,H] = [32,8]',
    ],
    [
      'gru',
      'minlstm',
      'rnn.weight_ih_l0 [24,3] without weight_hh fits a minLSTM: G = 3, H = 8, where the model is a ' +
        'GRU with G = 3, which has rnn.weight_hh_l0 [3H,H] = [24,8]',
    ],
    [
      'mingru',
      'lstm',
      "rnn.weight_hh_l0 [32,8] is an LSTM's: G = 4, where the model is a minGRU with G = 2, which has " +
        'no weight_hh',
    ],
    [
      'minlstm',
      'gru',
      "rnn.weight_hh_l0 [24,8] is a GRU's: G = 3, where the model is a minLSTM with G = 3, which has " +
        'no weight_hh',
    ],
    [
      'mingru',
      'minlstm',
      'rnn.weight_ih_l0 [24,3] without weight_hh fits a minLSTM: G = 3, H = 8, where the model is a ' +
        'minGRU with G = 2, [2H,C] = [16,3]',
    ],
    [
      'minlstm',
      'mingru',
      'rnn.weight_ih_l0 [16,3] without weight_hh fits a minGRU: G = 2, H = 8, where the model is a ' +
        'minLSTM with G = 3, [3H,C] = [24,3]',
    ],
  ] as const)(
    'explains that a model of %s gets weights of %s, if one has no recurrent weights',
    (cell, other, message) => {
      expect(refusal(modelOf({ cell }), weightsOf(modelOf({ cell: other })))).toContain(
        `The state_dict does not fit the model: ${message};`,
      );
    },
  );

  test('finds another H from the head, a learned state or the second layer', () => {
    // 16 rows are 2·8 and not the model's H = 12; 24 rows of both are 2·12 or 3·8.
    for (const more of [{}, { bidirectional: true }, { layers: 2 }, { initialState: 'learned' }] as const) {
      expect(
        refusal(modelOf({ cell: 'gru', hidden: 12 }), weightsOf(modelOf({ cell: 'mingru', ...more }))),
      ).toContain('rnn.weight_ih_l0 [16,3] without weight_hh fits a minGRU: G = 2, H = 8,');
      expect(
        refusal(modelOf({ cell: 'mingru', hidden: 12 }), weightsOf(modelOf({ cell: 'minlstm', ...more }))),
      ).toContain('[24,3] without weight_hh fits a minLSTM: G = 3, H = 8,');
      expect(
        refusal(
          modelOf({ cell: 'mingru', hidden: 8 }),
          weightsOf(modelOf({ cell: 'mingru', hidden: 12, ...more })),
        ),
      ).toMatch(/^The state_dict does not fit the model: rnn.weight_ih_l0 must be/);
    }
  });

  test.each([
    [undefined, 'expected an object with { shape, data } by parameter name, got undefined.'],
    [null, 'expected an object with { shape, data } by parameter name, got null.'],
    ['weights', 'expected an object with { shape, data } by parameter name, got "weights".'],
    [new Float32Array(3), 'expected an object with { shape, data } by parameter name, got Float32Array.'],
    [[], 'expected an object with { shape, data } by parameter name, got an array.'],
  ])('%s is no state_dict', (values, message) => {
    expect(refusal(modelOf({}), values as never)).toBe(`The state_dict does not fit the model: ${message}`);
  });

  test.each([
    [
      'an array without a shape',
      new Float32Array(3),
      '[V] = [3] must be { shape, data } with arrays of numbers, is Float32Array.',
    ],
    ['null', null, '[V] = [3] must be { shape, data } with arrays of numbers, is null.'],
    [
      'no shape',
      { data: [1, 2, 3] },
      '[V] = [3] must be { shape, data } with arrays of numbers, is an object.',
    ],
    [
      'a number as shape',
      { shape: 3, data: [1, 2, 3] },
      '[V] = [3] must be { shape, data } with arrays of numbers, is an object.',
    ],
    [
      'a shape of strings',
      { shape: ['3'], data: [1, 2, 3] },
      '[V] = [3] must be { shape, data } with arrays of numbers, is an object.',
    ],
    ['no data', { shape: [3] }, 'must hold floating-point numbers (F32, F16, BF16, F64), holds undefined.'],
    [
      'strings',
      { shape: [3], data: ['1', '2', '3'] },
      'must hold floating-point numbers (F32, F16, BF16, F64), holds an array whose element 0 is "1".',
    ],
    [
      'a gap',
      { shape: [3], data: [1, undefined, 3] },
      'must hold floating-point numbers (F32, F16, BF16, F64), holds an array whose element 1 is undefined.',
    ],
    [
      'bigints',
      { shape: [3], data: new BigInt64Array(3), dtype: 'F32' },
      'must hold floating-point numbers (F32, F16, BF16, F64), holds BigInt64Array.',
    ],
    [
      'nested arrays',
      { shape: [3], data: [[1, 2, 3]] },
      'must hold floating-point numbers (F32, F16, BF16, F64), holds an array whose element 0 is an array.',
    ],
  ])('%s in the place of a named array', (_, given, message) => {
    const model = modelOf({});
    expect(refusal(model, { ...weightsOf(model), 'head.bias': given } as never)).toBe(
      `The state_dict does not fit the model: head.bias ${message}`,
    );
  });

  test('an array without a shape under a foreign name', () => {
    const model = modelOf({});
    expect(refusal(model, { ...weightsOf(model), w: new Float32Array(3) } as never)).toBe(
      'The state_dict does not fit the model: w [?] is not of this model.',
    );
  });

  test('too few elements for the shape', () => {
    const model = modelOf({});
    expect(refusal(model, { ...weightsOf(model), 'head.bias': { shape: [3], data: [1, 2] } })).toContain(
      'head.bias [V] = [3] needs 3 elements, has 2',
    );
  });

  test('RecurrentLayers.load reports the same and keeps its weights', async () => {
    const layers = await RecurrentLayers.create({
      device: await openDevice({ backend: 'cpu' }),
      input: 2,
      hidden: 3,
      batch: 1,
      time: 1,
      seed: 1,
    });
    const before = await layers.forward([1, 2]);
    await expect(
      layers.load({ weight_hh_l0: { shape: [9, 3], data: new Float32Array(27) } }),
    ).rejects.toThrow(
      "weight_hh_l0 [9,3] is a GRU's: G = 3, where the model is an RNN with G = 1, [H,H] = [3,3]; " +
        'weight_ih_l0 [H,C] = [3,2] is missing',
    );
    expect(await layers.forward([1, 2])).toEqual(before);
    layers.dispose();
  });
});

describe('element types of a file', () => {
  const model = modelOf({});
  /** The weights through a file in which head.bias = (1, −2, 0.5) has the type `dtype`. */
  function through(dtype: 'F32' | 'F64' | 'I64' | 'I32'): StateDict {
    const bias = {
      F32: Float32Array.of(1, -2, 0.5),
      F64: Float64Array.of(1, -2, 0.5),
      I64: Float64Array.of(1, -2, 0),
      I32: Int32Array.of(1, -2, 0),
    }[dtype];
    const others = Object.entries(weightsOf(model)).map(
      ([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }] as const,
    );
    return readSafetensors(
      writeSafetensors({ ...Object.fromEntries(others), 'head.bias': { shape: [3], data: bias, dtype } }),
    ).tensors;
  }
  /** A file written elsewhere: three half-precision numbers, by their bits. */
  function halves(dtype: 'F16' | 'BF16', bits: readonly number[]): StateDict {
    const header = new TextEncoder().encode(
      JSON.stringify({ 'head.bias': { dtype, shape: [3], data_offsets: [0, 6] } }),
    );
    const file = new Uint8Array(8 + header.length + 6);
    const view = new DataView(file.buffer);
    view.setBigUint64(0, BigInt(header.length), true);
    file.set(header, 8);
    bits.forEach((half, i) => view.setUint16(8 + header.length + 2 * i, half, true));
    return { ...weightsOf(model), ...readSafetensors(file).tensors };
  }
  const biasOf = (values: StateDict): number[] => [
    ...model.layout.unpack(model.layout.pack(values))['head.bias'].data,
  ];

  test('double precision is rounded, half precision is widened', () => {
    expect(biasOf(through('F32'))).toEqual([1, -2, 0.5]);
    expect(biasOf(through('F64'))).toEqual([1, -2, 0.5]);
    expect(biasOf(halves('F16', [0x3c00, 0xc000, 0x3800]))).toEqual([1, -2, 0.5]);
    expect(biasOf(halves('BF16', [0x3f80, 0xc000, 0x3f00]))).toEqual([1, -2, 0.5]);
  });

  test.each(['I64', 'I32'] as const)('%s is refused', (dtype) => {
    expect(refusal(model, through(dtype))).toBe(
      'The state_dict does not fit the model: head.bias must hold floating-point numbers (F32, F16, ' +
        `BF16, F64), holds ${dtype}.`,
    );
  });

  test('refuses arrays of whole numbers without a file', () => {
    expect(
      refusal(model, { ...weightsOf(model), 'head.bias': { shape: [3], data: Int32Array.of(1, 2, 3) } }),
    ).toContain('holds Int32Array');
    expect(refusal(model, { ...weightsOf(model), 'head.bias': { shape: [3], data: [1, 2, 3] } })).toBe(
      'accepted',
    );
  });
});
