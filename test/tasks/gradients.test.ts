import { describe, expect, it } from 'vitest';
import type { Model } from '../../src/graph.js';
import {
  captioner,
  classifier,
  encoderDecoder,
  languageModel,
  regressor,
  tagger,
  type EncoderDecoderOptions,
} from '../../src/index.js';
import { CONTEXTS, SUMMARIES } from '../../src/tasks/bridge.js';
import { DECODER_ATTENTIONS } from '../../src/tasks/attention.js';
import { parameterPairs, raggedBatch, type PairOptions } from '../support/tasks.js';
import { TINY } from '../support/tiny-language-model.js';

const names = { names: ['a', 'b', 'c'] };
const ids = { symbols: 7, embedding: 4 };
const between = (options: Partial<EncoderDecoderOptions>): Model =>
  encoderDecoder({
    source: { symbols: 6, embedding: 3 },
    target: { symbols: 7, embedding: 4 },
    hidden: 4,
    ...options,
  });
const about = (options: object): Model =>
  captioner({ features: { size: 3 }, target: ids, hidden: 4, ...options });

const models: Readonly<Record<string, Model>> = {
  'classifier, last, both directions': classifier({
    input: ids,
    labels: names,
    hidden: 4,
    bidirectional: true,
  }),
  'classifier, mean, pyramidal, one-hot, smoothed, weighted': classifier({
    input: { symbols: 7 },
    labels: names,
    cell: 'gru',
    hidden: 4,
    layers: 2,
    pyramidal: true,
    pooling: 'mean',
    smoothing: 0.1,
    classWeights: [1, 0.5, 2],
  }),
  'classifier, max, minGRU': classifier({
    input: { features: 3 },
    labels: names,
    cell: 'mingru',
    hidden: 4,
    pooling: 'max',
  }),
  'tagger, sum of directions': tagger({
    input: { features: 3 },
    labels: names,
    cell: 'rnn',
    hidden: 4,
    bidirectional: true,
    merge: 'sum',
  }),
  'regressor, huber, learned start': regressor({
    input: { features: 3 },
    outputs: 2,
    cell: 'gru',
    hidden: 4,
    loss: 'huber',
    delta: 0.5,
    initialState: 'learned',
  }),
  'regressor, every step': regressor({ input: { features: 3 }, outputs: 2, hidden: 4, pooling: 'none' }),
  'encoder–decoder': between({ cell: 'gru' }),
  'encoder–decoder, every step, both directions, last': between({
    bidirectional: true,
    summary: 'last',
    context: 'every-step',
  }),
  'encoder–decoder, both, dot, transformed-all, tied': between({
    context: 'both',
    summary: 'transformed-all',
    attention: 'dot',
    layers: 2,
    tied: true,
  }),
  'encoder–decoder, general, pyramidal, input feeding': between({
    cell: 'rnn',
    layers: 2,
    pyramidal: true,
    bidirectional: true,
    attention: 'general',
    inputFeeding: true,
  }),
  'encoder–decoder, additive': between({ bidirectional: true, attention: 'additive', attentionSize: 3 }),
  'encoder–decoder, additive, two layers': between({ cell: 'gru', layers: 2, attention: 'additive' }),
  'encoder–decoder, additive, minLSTM': between({ cell: 'minlstm', attention: 'additive' }),
  'captioner, first': about({ inject: 'first', cell: 'gru' }),
  'captioner, every': about({ inject: 'every', layers: 2 }),
  'captioner, prefix': about({ inject: 'prefix' }),
  'captioner, attention': about({ features: { size: 3, cells: 5 }, attentionSize: 3 }),
};

const photograph = { rows: 5, columns: 4, channels: 2, filters: [3, 2] };
/** Every summary, context and attention that go with each other, each of two inputs of the decoder. */
const combined = SUMMARIES.flatMap((summary) =>
  CONTEXTS.flatMap((context) =>
    DECODER_ATTENTIONS.filter((attention) => attention !== 'additive' || context === 'initial').flatMap(
      (attention) =>
        (attention === 'dot' || attention === 'general' ? [false, true] : [false]).map(
          (inputFeeding) =>
            [
              `${summary}, ${context}, ${attention}${inputFeeding ? ', input feeding' : ''}`,
              between({ cell: 'gru', summary, context, attention, inputFeeding }),
            ] as const,
        ),
    ),
  ),
);

const written: Readonly<Record<string, Model>> = {
  'language model, tied, two layers': languageModel({
    tokenizer: TINY,
    hidden: 4,
    layers: 2,
    tied: true,
    initialState: 'learned',
  }),
  'language model, one-hot, without biases': languageModel({
    tokenizer: TINY,
    cell: 'gru',
    hidden: 4,
    biases: 'none',
  }),
};

const pictured: Readonly<Record<string, Model>> = {
  'tagger of images': tagger({ input: { image: photograph }, labels: names, cell: 'gru', hidden: 4 }),
  'encoder–decoder of frames, pyramidal': encoderDecoder({
    source: { features: 3 },
    target: ids,
    cell: 'gru',
    hidden: 3,
    layers: 2,
    pyramidal: true,
    bidirectional: true,
    attention: 'general',
  }),
  'encoder–decoder of a grid': encoderDecoder({
    source: { features: 3, cells: 4 },
    target: ids,
    cell: 'rnn',
    hidden: 3,
    summary: 'transformed-all',
    attention: 'dot',
  }),
  'encoder–decoder of the columns of an image': encoderDecoder({
    source: { image: { ...photograph, filters: [2] }, steps: 'columns' },
    target: ids,
    hidden: 3,
    attention: 'additive',
  }),
  'captioner of images, attention': captioner({
    image: { rows: 5, columns: 6, filters: [2] },
    target: ids,
    hidden: 4,
  }),
  'captioner of images, prefix': captioner({
    image: { ...photograph, filters: [3], size: 5 },
    target: ids,
    hidden: 4,
    inject: 'prefix',
  }),
};

const SYMBOLS = { ids: 7, labels: 3, tags: 3, source: 6, previous: 7, targets: 7 };
const SIZES = { T: 4, S: 5, N: 3 };

async function checkGradients(model: Model, symbols: object = {}, options: PairOptions = {}): Promise<void> {
  const batch = raggedBatch(model, SIZES, { ...SYMBOLS, ...symbols });
  const pairs = await parameterPairs(model, batch, options);
  expect(new Set(pairs.map(({ name }) => name)).size).toBe(model.layout.specs.length);
  for (const { name, backward, differences } of pairs)
    expect(Math.abs(backward - differences), `${name}: ${backward}, ${differences}`).toBeLessThan(1e-8);
  // A graph that ends in nothing has gradients of 0, and so have its differences.
  expect(pairs.filter(({ backward }) => backward !== 0).length).toBeGreaterThan(pairs.length / 2);
}

describe('gradients of every parameter equal central differences', () => {
  it.each(Object.entries({ ...models, ...pictured }))('%s', (_, model) => checkGradients(model));

  it.each(Object.entries(written))('%s', (_, model) =>
    checkGradients(model, { inputs: TINY.size, targets: TINY.size }),
  );

  it.each(combined)('encoder–decoder, %s', (_, model) => checkGradients(model, {}, { perParameter: 1 }));

  it.each([
    ['none', between({ cell: 'gru', teacherForcing: 0.5 })],
    ['dot, input feeding', between({ teacherForcing: 0.5, attention: 'dot', inputFeeding: true })],
    ['additive', between({ teacherForcing: 0.5, attention: 'additive', tied: true })],
    ['a captioner', about({ teacherForcing: 0.5, features: { size: 3, cells: 5 } })],
  ])('scheduled sampling, all inputs forced, some, and none but the first: %s', async (_, model) => {
    const { T, N } = SIZES;
    for (const forced of [() => true, (i: number) => i % 2 === 0, (i: number) => i < N])
      await checkGradients(
        model,
        {},
        {
          perParameter: 1,
          drawn: {
            forcedInputs: Float32Array.from({ length: T * N }, (__, i) => Number(i < N || forced(i))),
          },
        },
      );
  });
});
