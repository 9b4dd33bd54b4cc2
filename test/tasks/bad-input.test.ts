import { describe, expect, it } from 'vitest';
import type { Model } from '../../src/graph.js';
import {
  captioner,
  characters,
  classifier,
  DataError,
  encoderDecoder,
  openDevice,
  OptionError,
  regressor,
  sgd,
  ShapeError,
  tagger,
  Trainer,
  type Batch,
  type Source,
} from '../../src/index.js';
import { raggedBatch } from '../support/tasks.js';

const names = { names: ['a', 'b', 'c'] };
const ids = { symbols: 7, embedding: 4 };
const SIZES = { T: 4, S: 5, N: 3 };
const SYMBOLS = { ids: 7, labels: 3, tags: 3, source: 7, previous: 7, targets: 7 };

const models = {
  classifier: classifier({ input: ids, labels: names, hidden: 3 }),
  tagger: tagger({ input: { features: 2 }, labels: names, hidden: 3 }),
  regressor: regressor({ input: { features: 2 }, hidden: 3 }),
  between: encoderDecoder({ source: ids, target: ids, hidden: 3, attention: 'dot' }),
  captioner: captioner({ features: { size: 2, cells: 4 }, target: ids, hidden: 3 }),
} as Readonly<Record<string, Model>>;

function sourceOf(model: Model, batch: Batch, fields: object = model.fields): Source {
  return {
    fields: fields as Source['fields'],
    fingerprint: 'one batch',
    loader: () => ({
      batchesPerEpoch: 1,
      next: () => batch,
      state: () => ({ order: 'one', seed: 0, epoch: 0, index: 0, batchesPerEpoch: 1 }),
      restore: () => undefined,
    }),
  };
}

async function trainOn(model: Model, source: Source): Promise<void> {
  const device = await openDevice({ backend: 'cpu' });
  const trainer = await Trainer.create(model, { device, optimizer: sgd() });
  try {
    for await (const { loss } of trainer.run(source, { steps: 1 })) expect(loss).toBeGreaterThan(0);
  } finally {
    trainer.dispose();
  }
}

describe('errors name wrong values of a batch', () => {
  it.each<[string, string, number, number, RegExp]>([
    [
      'classifier',
      'labels',
      1,
      4,
      /^"labels" has the id 4 at element 1, but a label is 0 to 2, or 3 for none\.$/,
    ],
    ['classifier', 'ids', 5, 8, /^"ids" has the id 8 at element 5, but an id is 0 to 6, or 7 for none\.$/],
    [
      'classifier',
      'lengths',
      2,
      5,
      /^"lengths" has 5 for row 2, but a row has 1 to T = 4 steps in this batch\.$/,
    ],
    ['classifier', 'lengths', 0, 0, /^"lengths" has 0 for row 0/],
    ['tagger', 'tags', 0, 9, /^"tags" has the id 9 at element 0, but a tag is 0 to 2/],
    ['tagger', 'x', 3, NaN, /^"x" has NaN at element 3: numbers must be finite\.$/],
    ['regressor', 'y', 1, Infinity, /^"y" has Infinity at element 1/],
    ['between', 'sourceLengths', 1, 6, /^"sourceLengths" has 6 for row 1, but a row has 1 to S = 5 steps/],
    ['between', 'targets', 2, 8, /^"targets" has the id 8 at element 2/],
    ['captioner', 'grid', 0, NaN, /^"grid" has NaN at element 0/],
  ])('%s: %s', async (kind, field, at, value, message) => {
    const model = models[kind];
    const batch = raggedBatch(model, SIZES, SYMBOLS);
    await trainOn(model, sourceOf(model, batch));
    const wrong = batch.arrays[field].slice();
    wrong[at] = value;
    const run = trainOn(model, sourceOf(model, { ...batch, arrays: { ...batch.arrays, [field]: wrong } }));
    await expect(run).rejects.toThrow(message);
    await expect(run).rejects.toThrow(DataError);
  });

  it('name fields that a source lacks, or has with another shape or type', async () => {
    const { between, regressor: numeric } = models;
    const batch = raggedBatch(between, SIZES, SYMBOLS);
    const { targets: _, ...without } = between.fields;
    await expect(trainOn(between, sourceOf(between, batch, without))).rejects.toThrow(
      /^The model reads "targets" as Uint32Array \[T,N\], but the source has source, sourceLengths, previous\.$/,
    );
    const wide = { ...numeric.fields, x: { dtype: 'f32', shape: ['T', 'N', 5] } };
    const run = trainOn(numeric, sourceOf(numeric, raggedBatch(numeric, SIZES, SYMBOLS), wide));
    await expect(run).rejects.toThrow(
      /reads "x" as Float32Array \[T,N,2\].*has it as Float32Array \[T,N,5\]/,
    );
    await expect(run).rejects.toThrow(ShapeError);
  });
});

describe('errors name a source that breaks its contract', () => {
  const model = models.classifier;
  const batch = raggedBatch(model, SIZES, SYMBOLS);
  it.each<[string, unknown, RegExp]>([
    [
      'no batch',
      undefined,
      /^A loader's next\(\) must return a batch, \{ arrays, sizes, count \}, but undefined/,
    ],
    ['arrays alone', batch.arrays, /must return a batch, .* but \{"ids":/],
    ['no sizes', { ...batch, sizes: undefined }, /must return a batch/],
    ['no count', { ...batch, count: undefined }, /must return a batch/],
    [
      'a size that is a text',
      { ...batch, sizes: { ...SIZES, N: '3' } },
      /^The size N of a batch must be a whole number of at least 1, but it is "3"\.$/,
    ],
    ['no step', { ...batch, sizes: { ...SIZES, T: 0 } }, /^The size T of a batch must be .* but it is 0\.$/],
  ])('%s', async (_, given, message) => {
    const run = trainOn(model, sourceOf(model, given as Batch));
    await expect(run).rejects.toThrow(message);
    await expect(run).rejects.toThrow(DataError);
  });

  it.each([undefined, {}, { batchesPerEpoch: 1, next: () => batch }])(
    'a loader that is none',
    async (loader) => {
      await expect(
        trainOn(model, { ...sourceOf(model, batch), loader: () => loader as never }),
      ).rejects.toThrow(
        /^A source's loader\(\) must return \{ batchesPerEpoch, next\(\), state\(\), restore\(state\) \}/,
      );
    },
  );

  it('name a source without fields', async () => {
    for (const fields of [undefined, null])
      await expect(trainOn(model, { ...sourceOf(model, batch), fields } as never)).rejects.toThrow(
        /^source: expected .* or an object with fields and loader\(\)/,
      );
  });
});

describe('conditions of generation', () => {
  it('may have an image as nested lists; the error names a wrong length or value', async () => {
    const device = await openDevice({ backend: 'cpu' });
    const target = { tokenizer: characters(['ab']), embedding: 4 };
    const model = captioner({ features: { size: 2, cells: 3 }, target, hidden: 3 });
    const trainer = await Trainer.create(model, { device, optimizer: sgd() });
    const { generator } = trainer;
    const flat = [0.1, -0.2, 0.3, 0.4, 0.5, -0.6];
    const nested = [flat.slice(0, 2), Float32Array.from(flat.slice(2, 4)), flat.slice(4)];
    const [a, b] = await generator.generateAll([flat, nested], { longest: 3 });
    expect(b[0].ids).toEqual(a[0].ids);
    expect(b[0].logProbability).toBeCloseTo(a[0].logProbability, 6);
    for (const [given, message] of [
      [[[1, 2], [3]], 'The condition 0 must be "grid" of one image, [3,2] = 6 numbers, but it has 3.'],
      [{ image: flat }, 'but {"image":[0.1,-0.2,0.3,0.4,0.5,-0.6]} came.'],
      [null, 'but null came.'],
      [[1, 2, 3, 4, 5, '6'], 'The condition 0 has "6" at element 5: "grid" must be finite numbers.'],
      [[1, 2, 3, 4, 1e39, 6], 'The condition 0 has 1e+39 at element 4: "grid" must be finite numbers.'],
    ] as const)
      await expect(generator.generate(given as never)).rejects.toThrow(message);
    await expect(generator.generate(flat, { attention: 'yes' as never })).rejects.toThrow(
      'attention: expected true or false, got "yes".',
    );
    await expect(generator.generate(flat, { onPiece: 3 as never })).rejects.toThrow(
      'onPiece: expected a function of a piece of text, got 3.',
    );
    trainer.dispose();
  });
});

describe('errors name wrong options and the accepted values', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['no labels', () => classifier({ input: ids, labels: { names: [] }, hidden: 3 }), /^labels: expected/],
    [
      'a label twice',
      () => classifier({ input: ids, labels: { names: ['a', 'a'] }, hidden: 3 }),
      /^labels: expected .* different texts/,
    ],
    [
      'weights of other classes',
      () => classifier({ input: ids, labels: names, hidden: 3, classWeights: [1, 2] }),
      /^classWeights: expected 3 numbers from 0, one for each class, got \[1,2\]/,
    ],
    ['no input', () => classifier({ input: {} as never, labels: names, hidden: 3 }), /^input: expected/],
    [
      'no hidden',
      () => classifier({ input: ids, labels: names } as never),
      /^hidden: expected a whole number/,
    ],
    [
      'a misspelt option',
      () => tagger({ input: ids, labels: names, hidden: 3, bidirectonal: true } as never),
      /^tagger\.bidirectonal: expected one of the options/,
    ],
    [
      'a pyramid of tags',
      () => tagger({ input: ids, labels: names, hidden: 3, layers: 2, pyramidal: true } as never),
      /^pyramidal: expected false for a tagger/,
    ],
    [
      'pretrained vectors of another shape',
      () =>
        classifier({
          input: { ...ids, pretrained: { v: { shape: [7, 5], data: new Float32Array(35) } } },
          labels: names,
          hidden: 3,
        }),
      /^input\.pretrained: expected a state_dict with one matrix \[V,E\] = \[7,4\], got \["v \[7,5\]"\]/,
    ],
    [
      'dot attention of unequal widths',
      () => encoderDecoder({ source: ids, target: ids, hidden: 3, bidirectional: true, attention: 'dot' }),
      /^attention: expected "general" or "additive" where the encoder's outputs have 6 features/,
    ],
    [
      'additive attention with every-step',
      () =>
        encoderDecoder({ source: ids, target: ids, hidden: 3, attention: 'additive', context: 'every-step' }),
      /^context: expected "initial" with additive attention/,
    ],
    [
      'the last states of two directions as a start',
      () => encoderDecoder({ source: ids, target: ids, hidden: 3, bidirectional: true, summary: 'last' }),
      /^summary: expected transformed-last or transformed-all/,
    ],
    [
      'input feeding without attention',
      () => encoderDecoder({ source: ids, target: ids, hidden: 3, inputFeeding: true }),
      /^inputFeeding: expected false unless the attention is dot or general/,
    ],
    [
      'units of attention that is not additive',
      () => encoderDecoder({ source: ids, target: ids, hidden: 3, attention: 'dot', attentionSize: 4 }),
      /^attentionSize: expected none unless attention is additive; it is dot, got 4/,
    ],
    [
      'units of attention that is not there',
      () => encoderDecoder({ source: ids, target: ids, hidden: 3, attentionSize: 4 }),
      /^attentionSize: expected none unless attention is additive; it is none, got 4/,
    ],
    [
      'a tied head of another width',
      () => encoderDecoder({ source: ids, target: ids, hidden: 3, tied: true }),
      /^tied: expected false unless the target's embedding \(4\) is as wide as hidden \(3\)/,
    ],
    [
      'one-hot targets',
      () => encoderDecoder({ source: ids, target: { symbols: 7 }, hidden: 3 }),
      /^target\.embedding: expected a whole number of at least 1/,
    ],
    [
      'more than all forced',
      () => encoderDecoder({ source: ids, target: ids, hidden: 3, teacherForcing: 2 }),
      /^teacherForcing: expected a number from 0 to 1, got 2/,
    ],
    [
      'no image at all',
      () => captioner({ target: ids, hidden: 3 }),
      /^features: expected an object with size, or the option image in its place, got undefined/,
    ],
    [
      'an image without filters',
      () => tagger({ input: { image: { rows: 4, columns: 4, filters: [] } }, labels: names, hidden: 3 }),
      /^input\.image\.filters: expected the number of filters of each convolution/,
    ],
    [
      'no source',
      () => encoderDecoder({ target: ids, hidden: 3 } as never),
      /^source: expected an object with tokenizer, symbols, features or image/,
    ],
    [
      'an image that is none',
      () => captioner({ image: null as never, target: ids, hidden: 3 }),
      /^image: expected an object with any of rows, columns/,
    ],
    [
      'more convolutions than an image can be halved',
      () => captioner({ image: { rows: 6, columns: 9, filters: [2, 2, 2] }, target: ids, hidden: 3 }),
      /^image\.filters: expected at most 2 convolutions for images of 6 by 9, since each halves both sides/,
    ],
    [
      'units of attention without attention',
      () => captioner({ features: { size: 2 }, target: ids, hidden: 3, attentionSize: 4 }),
      /^attentionSize: expected none unless inject is attention; it is first, got 4/,
    ],
    [
      'attention without a grid',
      () => captioner({ features: { size: 2 }, target: ids, hidden: 3, inject: 'attention' }),
      /^inject: expected first, every or prefix without features\.cells/,
    ],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
    expect(make).toThrow(OptionError);
  });
});
