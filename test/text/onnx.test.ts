import { describe, expect, test } from 'vitest';
import {
  charModel,
  languageModel,
  openDevice,
  OptionError,
  RecurrentLayers,
  words,
  type RecurrentLayersOptions,
} from '../../src/index.js';
import { charModelToOnnx, languageModelToOnnx, layersToOnnx } from '../../src/graph.js';
import { Random, STREAM } from '../../src/core/random.js';
import { CharModel, CHAR_MODEL_DEFAULTS, type CharModelConfig } from '../../src/text/char-model.js';
import { initialParameters, torchDefault } from '../../src/layers/initializers.js';
import { Vocabulary } from '../../src/text/vocabulary.js';
import { compareArrays, FLOOR, TOLERANCE } from '../../src/verify/compare.js';
import { runModel } from '../support/run-model.js';
import { metadataOf, runOnnx, type OnnxInput } from '../support/onnxruntime.js';

const [T, N, C, H] = [5, 3, 4, 6];
const random = new Random(11, STREAM.test);
const normals = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());
const floats = (data: ArrayLike<number>, ...shape: number[]): OnnxInput => ({ type: 'float32', shape, data });

/** Cells as ONNX has them. */
const CELLS: [string, Pick<RecurrentLayersOptions, 'cell' | 'nonlinearity' | 'reset'>][] = [
  ['RNN tanh', {}],
  ['RNN relu', { nonlinearity: 'relu' }],
  ['LSTM', { cell: 'lstm' }],
  ['GRU, reset after', { cell: 'gru' }],
  ['GRU, reset before', { cell: 'gru', reset: 'before' }],
];

describe.each(CELLS)('%s: onnxruntime and the CPU device agree', (_, cell) => {
  const kinds = cell.cell === 'lstm' ? ['h', 'c'] : ['h'];

  test.each([
    ['one layer', {}],
    ['2 layers', { layers: 2 }],
    ['a single bias', { layers: 2, biases: 'single' }],
    ['no bias', { layers: 2, biases: 'none' }],
    ['both directions', { layers: 2, bidirectional: true }],
    ['both directions, mean', { layers: 2, bidirectional: true, merge: 'mean' }],
  ] as const)('layers: %s', async (_, more) => {
    const device = await openDevice({ backend: 'reference', precision: 'double' });
    const layers = await RecurrentLayers.create({
      ...cell,
      ...more,
      device,
      input: C,
      hidden: H,
      batch: N,
      time: T,
      seed: 4,
    });
    const places = ('layers' in more ? more.layers : 1) * ('bidirectional' in more ? 2 : 1);
    const x = normals(T * N * C);
    const initial = Object.fromEntries(kinds.map((kind) => [kind, normals(places * N * H)]));
    const expected = await layers.forward(x, initial);
    const inputs = {
      x: floats(x, T, N, C),
      ...Object.fromEntries(kinds.map((kind) => [`${kind}0`, floats(initial[kind], places, N, H)])),
    };
    for (const options of [{}, { time: T, batch: N }]) {
      const got = await runOnnx(await layersToOnnx(layers, options), inputs);
      expect(compareArrays(got.y.data, expected.y, FLOOR.output).error).toBeLessThan(TOLERANCE.output);
      for (const kind of kinds)
        expect(
          compareArrays(got[`${kind}n`].data, expected.final[kind], FLOOR.output).error,
          kind,
        ).toBeLessThan(TOLERANCE.output);
    }
    layers.dispose();
  });

  test.each([
    ['one-hot symbols', {}],
    ['an embedding', { embedding: 3, layers: 2 }],
    ['no bias', { biases: 'none' }],
    ['learned initial states', { initialState: 'learned', layers: 2 }],
  ] as const)('character model: %s', async (_, more) => {
    const vocabulary = Vocabulary.fromSymbols(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    const V = vocabulary.size;
    const config: CharModelConfig = {
      ...CHAR_MODEL_DEFAULTS,
      ...cell,
      ...more,
      hidden: H,
      init: torchDefault(H),
    };
    const model = new CharModel(vocabulary, config);
    // All weights at random, learned states too, which an initializer leaves at 0.
    const arena = initialParameters(model.layout, config.init, 3);
    const parameters = model.layout.unpack(arena.map((value) => value || 0.3 * random.normal()));
    const ids = Array.from({ length: T * N }, (_, i) => (i === 4 ? V : random.below(V)));
    const keep = [1, 0, 1];
    const L = config.layers;
    const initial = Object.fromEntries(kinds.map((kind) => [kind, normals(L * N * H)]));
    const expected = await runModel(model, parameters, { T, N, ids, keep, initial });
    // Without learned states there is no input `keep`: a fresh row is given zeros.
    const learned = config.initialState === 'learned';
    const given = (data: Float32Array): Float32Array =>
      learned ? data : data.map((value, e) => value * keep[Math.floor(e / H) % N]);
    const got = await runOnnx(charModelToOnnx(model, parameters), {
      ids: { type: 'int64', shape: [T, N], data: ids },
      ...Object.fromEntries(kinds.map((kind) => [`${kind}0`, floats(given(initial[kind]), L, N, H)])),
      ...(learned ? { keep: floats(keep, N) } : {}),
    });
    expect(got.logits.shape).toEqual([T, N, V]);
    expect(compareArrays(got.logits.data, expected.logits, FLOOR.output).error).toBeLessThan(
      TOLERANCE.output,
    );
    for (const kind of kinds)
      expect(
        compareArrays(got[`${kind}n`].data, expected.final[kind], FLOOR.output).error,
        kind,
      ).toBeLessThan(TOLERANCE.output);
  });
});

describe('language models: onnxruntime and the CPU device agree', () => {
  const tokenizer = words(['the quick brown fox jumps over the lazy dog']);
  const V = tokenizer.size;

  test.each([
    ['LSTM, tied', { tied: true }],
    ['GRU, one-hot symbols, learned states', { cell: 'gru', initialState: 'learned', layers: 2 }],
    ['RNN, an embedding, no bias', { cell: 'rnn', embedding: 3, headBias: false }],
  ] as const)('%s', async (_, more) => {
    const model = languageModel({ tokenizer, hidden: H, ...more });
    const arena = model.initialParameters(3);
    const all = model.layout.unpack(arena.map((value) => value || 0.3 * random.normal()));
    // Of tied matrices a state_dict may name one alone.
    const { 'head.weight': head, ...rest } = all;
    const parameters = model.config.tied ? rest : all;
    expect(head.shape).toEqual([V, H]);
    const { layers: L, cell, initialState } = model.config;
    const ids = Array.from({ length: T * N }, (__, i) => (i === 4 ? V : random.below(V)));
    const kinds = cell === 'lstm' ? ['h', 'c'] : ['h'];
    const initial = Object.fromEntries(kinds.map((kind) => [kind, normals(L * N * H)]));
    const expected = await runModel(model, parameters, { T, N, ids, initial });
    const bytes = languageModelToOnnx(model, parameters);
    const got = await runOnnx(bytes, {
      ids: { type: 'int64', shape: [T, N], data: ids },
      ...Object.fromEntries(kinds.map((kind) => [`${kind}0`, floats(initial[kind], L, N, H)])),
      ...(initialState === 'learned' ? { keep: floats([1, 1, 1], N) } : {}),
    });
    expect(compareArrays(got.logits.data, expected.logits, FLOOR.output).error).toBeLessThan(
      TOLERANCE.output,
    );
    for (const kind of kinds)
      expect(compareArrays(got[`${kind}n`].data, expected.final[kind], FLOOR.output).error).toBeLessThan(
        TOLERANCE.output,
      );
    expect(JSON.parse(metadataOf(bytes).tokenizer)).toEqual(tokenizer.toJSON());
  });

  test('other kinds and cells are refused', () => {
    const model = languageModel({ tokenizer, hidden: H, cell: 'mingru' });
    const weights = model.layout.unpack(model.initialParameters(0));
    expect(() => languageModelToOnnx(model, weights)).toThrow('cell: expected one of rnn, lstm, gru');
    const other = charModel({ vocabulary: Vocabulary.fromSymbols(['a', 'b']) });
    expect(() => languageModelToOnnx(other as never, weights)).toThrow(
      'model: expected a language-model for this ONNX export, got "char-model".',
    );
  });
});

describe('refused', () => {
  const vocabulary = Vocabulary.fromSymbols(['a', 'b']);
  const modelOf = (more: Partial<CharModelConfig>): CharModel =>
    new CharModel(vocabulary, { ...CHAR_MODEL_DEFAULTS, hidden: H, init: torchDefault(H), ...more });
  const weights = (model: CharModel): ReturnType<CharModel['layout']['unpack']> =>
    model.layout.unpack(initialParameters(model.layout, model.config.init, 0));

  test.each(['mingru', 'minlstm'] as const)('%s, for which ONNX has no operator', (cell) => {
    const model = modelOf({ cell });
    expect(() => charModelToOnnx(model, weights(model))).toThrow(OptionError);
    expect(() => charModelToOnnx(model, weights(model))).toThrow(
      'cell: expected one of rnn, lstm, gru for an ONNX file: ONNX has no operator for others, got ' +
        `"${cell}".`,
    );
  });

  test('unknown and wrong options, and weights of another model', () => {
    const model = modelOf({});
    expect(() => charModelToOnnx(model, weights(model), { steps: 3 } as object)).toThrow('onnx.steps');
    expect(() => charModelToOnnx(model, weights(model), { time: 0 })).toThrow(
      'time: expected a whole number of at least 1, got 0.',
    );
    expect(() => charModelToOnnx(model, weights(modelOf({ layers: 2 })))).toThrow(/rnn\.weight_ih_l1/);
  });
});
