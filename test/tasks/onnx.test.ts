import { beforeAll, describe, expect, it } from 'vitest';
import {
  captioner,
  characters,
  classifier,
  encoderDecoder,
  openDevice,
  OptionError,
  regressor,
  tagger,
  type Device,
  type EncoderDecoderOptions,
  type StateDict,
} from '../../src/index.js';
import {
  encoderDecoderToOnnx,
  parametersOnDevice,
  readerToOnnx,
  SequenceGenerator,
} from '../../src/graph.js';
import { Random, STREAM } from '../../src/core/random.js';
import type { Model } from '../../src/train/model.js';
import { predictionGraph } from '../../src/train/training-graph.js';
import { metadataOf, runOnnx, type OnnxInput } from '../support/onnxruntime.js';

const [T, N, V, C, H] = [5, 3, 6, 4, 5];
const LENGTHS = [3, 5, 1];
const labels = { names: ['a', 'b', 'c'] };
const random = new Random(7, STREAM.test);
const normals = (length: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length }, () => random.normal());

/** All weights at random, learned states too, which training starts at 0. */
const weightsOf = ({ layout }: Model): StateDict =>
  layout.unpack(layout.pack(layout.unpack(normals(layout.elements).map((value) => 0.8 * value))));

const floats = (data: ArrayLike<number>, ...shape: number[]): OnnxInput => ({ type: 'float32', shape, data });
const whole = (data: ArrayLike<number>, ...shape: number[]): OnnxInput => ({ type: 'int64', shape, data });

let device: Device;
beforeAll(async () => {
  device = await openDevice({ backend: 'reference', precision: 'double' });
});

/** Inputs of a reader: ids or features, at random behind a row's end too, where nothing may be read. */
function readerInputs(
  features: boolean,
): Record<string, Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>> {
  return {
    ...(features
      ? { x: normals(T * N * C) }
      : { ids: Uint32Array.from({ length: T * N }, (_, i) => (i === 4 ? V : random.below(V))) }),
    lengths: Uint32Array.from(LENGTHS),
  };
}

async function outputsOf(
  model: Model,
  parameters: StateDict,
  arrays: Readonly<Record<string, Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>>,
  kept: readonly string[],
): Promise<Record<string, Float32Array>> {
  const memory = await parametersOnDevice(model, parameters, device);
  const program = await device.prepare(predictionGraph(model, { sizes: { T, N }, kept }), memory, {
    maxSteps: 1,
  });
  await program.submit([arrays]);
  const outputs: Record<string, Float32Array> = {};
  for (const name of kept) outputs[name] = (await program.read(name)) as Float32Array;
  program.dispose();
  memory.dispose();
  return outputs;
}

function expectEqual(got: ArrayLike<number>, wanted: ArrayLike<number>, what: string): void {
  expect(got.length, what).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++)
    expect(Math.abs(got[i] - wanted[i]), `${what}, element ${i}`).toBeLessThan(1e-5);
}

const layers = { hidden: H };
const both = { ...layers, layers: 2, bidirectional: true, dropout: 0.3 } as const;
const READERS: [string, Model][] = [
  ['classifier, one-hot LSTM', classifier({ ...layers, input: { symbols: V }, labels })],
  [
    'classifier, bidirectional GRU, mean',
    classifier({ ...both, cell: 'gru', input: { symbols: V, embedding: 3 }, labels, pooling: 'mean' }),
  ],
  [
    'classifier, pyramidal, max',
    classifier({ ...both, layers: 3, pyramidal: true, input: { features: C }, labels, pooling: 'max' }),
  ],
  [
    'classifier, pyramidal, last, learned states',
    classifier({
      ...both,
      cell: 'rnn',
      nonlinearity: 'relu',
      pyramidal: true,
      initialState: 'learned',
      input: { symbols: V },
      labels,
    }),
  ],
  ['tagger, bidirectional LSTM, sums', tagger({ ...both, merge: 'sum', input: { symbols: V }, labels })],
  [
    'tagger, GRU, reset before',
    tagger({ ...layers, cell: 'gru', reset: 'before', biases: 'single', input: { features: C }, labels }),
  ],
  ['regressor, RNN', regressor({ ...layers, cell: 'rnn', input: { features: C }, outputs: 2 })],
  ['regressor, every step', regressor({ ...both, input: { features: C }, pooling: 'none' })],
  [
    'regressor, full rows, mean',
    regressor({ ...both, input: { features: C }, ragged: false, pooling: 'mean' }),
  ],
  [
    'regressor, full rows, max',
    regressor({ ...layers, input: { features: C }, ragged: false, pooling: 'max' }),
  ],
];

describe('onnxruntime computes the results of a reader for rows of unequal lengths', () => {
  it.each(READERS)('%s', async (_, model) => {
    const parameters = weightsOf(model);
    const arrays = readerInputs('x' in model.fields);
    const name = model.kind === 'regressor' ? 'predictions' : 'logits';
    const read = Object.fromEntries(
      Object.keys(arrays).flatMap((key) => (key in model.fields ? [[key, arrays[key]]] : [])),
    );
    const wanted = await outputsOf(model, parameters, read, [name]);
    const feeds = Object.fromEntries(
      Object.entries(read).map(([key, data]) => [
        key,
        key === 'x' ? floats(data, T, N, C) : key === 'ids' ? whole(data, T, N) : whole(data, N),
      ]),
    );
    const got = await runOnnx(readerToOnnx(model, parameters), feeds);
    expectEqual(got[name].data, wanted[name], name);
    if (name === 'predictions') return;
    const K = labels.names.length;
    for (let r = 0; r < wanted.logits.length / K; r++) {
      const powers = [...wanted.logits.slice(r * K, r * K + K)].map(Math.exp);
      const sum = powers.reduce((a, b) => a + b);
      expectEqual(
        got.probabilities.data.slice(r * K, r * K + K),
        powers.map((power) => power / sum),
        'row',
      );
    }
  });

  it('files can have fixed lengths, and contain labels and tokenizer', async () => {
    const tokenizer = characters(['abc']);
    const model = classifier({ ...layers, input: { tokenizer }, labels });
    const parameters = weightsOf(model);
    const bytes = readerToOnnx(model, parameters, { time: 2, batch: 1 });
    const inputs = { ids: whole([0, 1], 2, 1), lengths: whole([2], 1) };
    expect((await runOnnx(bytes, inputs)).logits.shape).toEqual([1, 3]);
    await expect(runOnnx(bytes, { ids: whole([0, 1, 2], 3, 1), lengths: whole([3], 1) })).rejects.toThrow();
    const { labels: names, tokenizer: symbols } = metadataOf(bytes);
    expect(JSON.parse(names)).toEqual(labels.names);
    expect(JSON.parse(symbols)).toEqual(tokenizer.toJSON());
  });
});

const tokenizer = characters(['abcdef']);
const symbols = { tokenizer, embedding: 4 };
const modelOf = (options: Partial<EncoderDecoderOptions>) =>
  encoderDecoder({ source: symbols, target: symbols, cell: 'gru', hidden: H, ...options });

/** The input of the encoder of texts. */
function textInputs(sources: readonly string[]): Record<string, OnnxInput> {
  const rows = sources.map((text) => Array.from(tokenizer.encode(text)));
  const S = Math.max(...rows.map(({ length }) => length));
  const source = Array.from(
    { length: S * rows.length },
    (_, i) => rows[i % rows.length][Math.floor(i / rows.length)] ?? tokenizer.size,
  );
  const lengths = rows.map(({ length }) => length);
  return { source: whole(source, S, rows.length), sourceLengths: whole(lengths, rows.length) };
}

/** The ids that the two files write for each source, one step after the other, with their attention. */
async function greedyInOnnx(
  files: { readonly encoder: Uint8Array; readonly decoder: Uint8Array },
  sources: Readonly<Record<string, OnnxInput>>,
  count: number,
  steps: number,
): Promise<{ ids: number[][]; logProbabilities: number[][]; attention: Float32Array[] }> {
  const rows = Array.from({ length: count });
  const encoded = await runOnnx(files.encoder, sources);
  let inputs: Record<string, OnnxInput> = Object.fromEntries(
    Object.entries(encoded).map(([name, { shape, data }]) => [
      name,
      name === 'memoryLengths' ? whole(data, ...shape) : floats(data, ...shape),
    ]),
  );
  let previous = rows.map(() => tokenizer.begin);
  const ids: number[][] = rows.map(() => []);
  const logProbabilities: number[][] = rows.map(() => []);
  const attention: Float32Array[] = [];
  for (let t = 0; t < steps; t++) {
    const out = await runOnnx(files.decoder, { ...inputs, previous: whole(previous, rows.length) });
    const width = out.logits.shape[1];
    previous = rows.map((_, n) => {
      const logits = [...out.logits.data.slice(n * width, (n + 1) * width)];
      const largest = Math.max(...logits);
      const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
      logProbabilities[n].push(-total);
      return logits.indexOf(largest);
    });
    previous.forEach((id, n) => ids[n].push(id));
    if (out.attention) attention.push(out.attention.data);
    for (const [name, { shape, data }] of Object.entries(out)) {
      const next = name === 'fedn' ? 'fed' : `${name[0]}0`;
      if (name.endsWith('n') && next in inputs) inputs = { ...inputs, [next]: floats(data, ...shape) };
    }
  }
  return { ids, logProbabilities, attention };
}

const DECODERS: [string, Partial<EncoderDecoderOptions>][] = [
  ['GRU, last state', {}],
  ['LSTM, two layers, both contexts', { cell: 'lstm', layers: 2, context: 'both' }],
  ['bidirectional, every step', { bidirectional: true, context: 'every-step', summary: 'last' }],
  ['transformed mean, one-hot source', { summary: 'transformed-all', source: { tokenizer }, cell: 'rnn' }],
  ['dot', { attention: 'dot', cell: 'rnn' }],
  ['bidirectional LSTM, general', { cell: 'lstm', bidirectional: true, attention: 'general' }],
  [
    'general with input feeding, every step',
    { attention: 'general', inputFeeding: true, context: 'every-step' },
  ],
  ['additive, bidirectional', { attention: 'additive', bidirectional: true, attentionSize: 3 }],
  [
    'additive, LSTM of two layers, tied',
    { attention: 'additive', cell: 'lstm', layers: 2, tied: true, target: { tokenizer, embedding: H } },
  ],
  [
    'additive, pyramidal',
    { attention: 'additive', layers: 2, pyramidal: true, bidirectional: true, initialState: 'learned' },
  ],
];

describe('greedy decoding in onnxruntime equals that of generate', () => {
  it.each(DECODERS)('%s', async (_, options) => {
    const model = modelOf(options);
    const parameters = weightsOf(model);
    const sources = ['abcde', 'fa', 'dbc'];
    const steps = 6;
    const memory = await parametersOnDevice(model, parameters, device);
    const generator = SequenceGenerator.create(model, device, memory);
    const attends = options.attention !== undefined;
    const wanted = await generator.generateAll(sources, { longest: steps, attention: attends });
    const files = encoderDecoderToOnnx(model, parameters);
    const { ids, logProbabilities, attention } = await greedyInOnnx(files, textInputs(sources), 3, steps);
    for (const [n, [row]] of wanted.entries()) {
      expect(ids[n].slice(0, row.ids.length)).toEqual(row.ids);
      const sum = logProbabilities[n].slice(0, row.ids.length).reduce((a, b) => a + b);
      expect(Math.abs(sum - row.logProbability)).toBeLessThan(1e-4);
      if (!row.attention) continue;
      const own = row.attention.length / row.ids.length;
      for (const [t] of row.ids.entries()) {
        const M = attention[t].length / sources.length;
        const weights = attention[t].slice(n * M, (n + 1) * M);
        expectEqual(weights.slice(0, own), row.attention.slice(t * own, (t + 1) * own), 'attention');
        expect([...weights.slice(own)].every((weight) => weight === 0)).toBe(true);
      }
    }
    generator.dispose();
    memory.dispose();
  });
});

describe('export refuses', () => {
  it('cells that ONNX has no operator for, and other kinds of models', () => {
    const min = tagger({ ...layers, cell: 'mingru', input: { symbols: V }, labels });
    expect(() => readerToOnnx(min, weightsOf(min))).toThrow(OptionError);
    expect(() => readerToOnnx(min, weightsOf(min))).toThrow('ONNX has no operator for others, got "mingru"');
    const writer = modelOf({ cell: 'minlstm' });
    expect(() => encoderDecoderToOnnx(writer, weightsOf(writer))).toThrow('got "minlstm"');
    expect(() => readerToOnnx(writer, weightsOf(writer))).toThrow(
      'model: expected a classifier, tagger or regressor, or with encoderDecoderToOnnx an encoder-decoder, got',
    );
    const images = captioner({ hidden: H, features: { size: 3 }, target: symbols });
    expect(() => encoderDecoderToOnnx(images, weightsOf(images))).toThrow(
      'model: expected an encoder-decoder for this ONNX export, got "captioner".',
    );
  });

  it('weights of another model', () => {
    const model = tagger({ ...layers, input: { symbols: V }, labels });
    const wider = tagger({ ...layers, layers: 2, input: { symbols: V }, labels });
    expect(() => readerToOnnx(wider, weightsOf(model))).toThrow(/rnn\.weight_ih_l1/);
  });
});

const photograph = { rows: 5, columns: 6, channels: 2, filters: [3, 2] };
const PICTURES: [string, Model, readonly number[]][] = [
  [
    'classifier of an image of each step',
    classifier({ ...both, cell: 'gru', input: { image: photograph }, labels }),
    [T, N, 5, 6, 2],
  ],
  [
    'tagger, 5 by 5',
    tagger({ ...layers, input: { image: { ...photograph, filters: [2], size: 5 } }, labels }),
    [T, N, 5, 6, 2],
  ],
  [
    'classifier of the columns of an image',
    classifier({ ...layers, input: { image: { ...photograph, filters: [3] }, steps: 'columns' }, labels }),
    [N, 5, 6, 2],
  ],
];

describe('onnxruntime computes the results of image encoders', () => {
  it.each(PICTURES)('%s', async (_, model, shape) => {
    const parameters = weightsOf(model);
    const image = normals(shape.reduce((a, b) => a * b, 1));
    const ragged = 'lengths' in model.fields;
    const read = { image, ...(ragged ? { lengths: Uint32Array.from(LENGTHS) } : {}) };
    const wanted = await outputsOf(model, parameters, read, ['logits']);
    const feeds = { image: floats(image, ...shape), ...(ragged ? { lengths: whole(LENGTHS, N) } : {}) };
    const got = await runOnnx(readerToOnnx(model, parameters), feeds);
    expectEqual(got.logits.data, wanted.logits, 'logits');
  });
});

describe('onnxruntime computes the results of encoder–decoders that read numbers', () => {
  const target = { tokenizer, embedding: 4 };
  const line = { rows: 4, columns: 8, filters: [3] };
  const options = { target, cell: 'gru', hidden: H, layers: 2, bidirectional: true } as const;
  it.each([
    ['frames', { features: C }, 'source', [T, N, C]],
    ['a grid', { features: C, cells: T }, 'grid', [T, N, C]],
    ['the columns of an image', { image: line, steps: 'columns' }, 'image', [N, 4, 8, 1]],
    ['an image of each step', { image: { ...line, columns: 2 } }, 'source', [T, N, 4, 2, 1]],
  ] as const)('%s', async (_, source, name, shape) => {
    const model = encoderDecoder({ ...options, source, attention: 'general' });
    const parameters = weightsOf(model);
    const size = shape.reduce<number>((a, b) => a * b, 1);
    const values = normals(size);
    const ragged = name === 'source';
    const lengths = ragged ? LENGTHS : [];
    // The rows one by one, as `generate` takes them: [T,·] of [T,N,·], or [·] of [N,·].
    const width = size / (name === 'image' ? N : N * T);
    const conditions = Array.from({ length: N }, (__, n) => {
      const own = values.filter((___, i) => Math.floor(i / width) % N === n);
      return ragged ? own.slice(0, lengths[n] * width) : own;
    });
    const memory = await parametersOnDevice(model, parameters, device);
    const generator = SequenceGenerator.create<ArrayLike<number>>(model, device, memory);
    const wanted = await generator.generateAll(conditions, { longest: 4 });
    const feeds = {
      [name]: floats(values, ...shape),
      ...(ragged ? { sourceLengths: whole(lengths, N) } : {}),
    };
    const { ids } = await greedyInOnnx(encoderDecoderToOnnx(model, parameters), feeds, N, 4);
    for (const [n, [row]] of wanted.entries()) expect(ids[n].slice(0, row.ids.length)).toEqual(row.ids);
    generator.dispose();
    memory.dispose();
  });
});
