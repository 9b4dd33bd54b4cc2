import { cells } from '../cells/index.js';
import type { CellKind } from '../cells/facts.js';
import { captioner } from '../tasks/captioner.js';
import { classifier } from '../tasks/classifier.js';
import { encoderDecoder, type EncoderDecoderOptions } from '../tasks/encoder-decoder.js';
import { regressor } from '../tasks/regressor.js';
import { tagger } from '../tasks/tagger.js';
import { languageModel } from '../text/language-model.js';
import { characters } from '../text/tokenizers/characters.js';
import type { Model } from '../train/model.js';

/** A small model of some kind, to check a whole graph on a device. */
export interface ModelCase {
  readonly name: string;
  make(): Model;
}

/** Sizes of the checks' batches: no multiples of four, and rows of different lengths. */
export const MODEL_SIZES = { T: 5, S: 6, N: 5 } as const;

/** Upper bounds of the ids in the checks' batches. Five characters plus begin and end make seven. */
export const MODEL_SYMBOLS = { ids: 7, inputs: 7, labels: 3, tags: 3, source: 6, previous: 7, targets: 7 };

const hidden = 6;
const labels = { names: ['a', 'b', 'c'] };
const target = { symbols: MODEL_SYMBOLS.targets, embedding: 4 };
const image = { rows: 5, columns: 4, channels: 2, filters: [3, 2] };

const between = (name: string, options: Partial<EncoderDecoderOptions>): ModelCase => ({
  name: `encoder–decoder, ${name}`,
  make: () => encoderDecoder({ source: { symbols: 6, embedding: 3 }, target, hidden, ...options }),
});

/** Every kind of model, with each way of using what its reader returns. */
export const MODEL_CASES: readonly ModelCase[] = [
  ...(Object.keys(cells) as CellKind[]).map((cell) => ({
    name: `language model, ${cell}, two layers`,
    make: () => languageModel({ tokenizer: characters(['abcde']), cell, hidden, layers: 2 }),
  })),
  {
    name: 'language model, tied',
    make: () => languageModel({ tokenizer: characters(['abcde']), cell: 'gru', hidden, tied: true }),
  },
  {
    name: 'classifier, both directions, last',
    make: () => classifier({ input: { symbols: 7, embedding: 4 }, labels, hidden, bidirectional: true }),
  },
  {
    name: 'classifier, pyramidal, mean',
    make: () =>
      classifier({
        ...{ input: { features: 3 }, labels, cell: 'gru', hidden, layers: 2, pyramidal: true },
        pooling: 'mean',
      }),
  },
  {
    name: 'tagger of images',
    make: () => tagger({ input: { image }, labels, cell: 'rnn', hidden, bidirectional: true }),
  },
  {
    name: 'regressor, max',
    make: () => regressor({ input: { features: 3 }, outputs: 2, cell: 'gru', hidden, pooling: 'max' }),
  },
  {
    name: 'regressor of every step',
    make: () => regressor({ input: { features: 3 }, outputs: 2, hidden, pooling: 'none' }),
  },
  between('transformed last, initial', {}),
  between('last, every step', { summary: 'last', context: 'every-step', bidirectional: true }),
  between('transformed all, both, dot', {
    ...{ summary: 'transformed-all', context: 'both', attention: 'dot', layers: 2 },
  }),
  between('general, input feeding', { cell: 'gru', attention: 'general', inputFeeding: true }),
  between('additive', { bidirectional: true, attention: 'additive', attentionSize: 5 }),
  between('additive, minLSTM', { cell: 'minlstm', attention: 'additive' }),
  ...(['first', 'every', 'prefix'] as const).map((inject) => ({
    name: `captioner, ${inject}`,
    make: () => captioner({ features: { size: 3 }, target, hidden, inject }),
  })),
  {
    name: 'captioner, attention over a grid',
    make: () => captioner({ features: { size: 3, cells: 5 }, target, hidden, attentionSize: 3 }),
  },
  {
    name: 'captioner, attention over an image',
    make: () => captioner({ image: { rows: 5, columns: 6, filters: [2] }, target, hidden }),
  },
];
