import { OptionError } from '../../core/errors.js';
import type { Column } from '../../data/column.js';
import { columnFromJSON } from '../../data/column-json.js';
import { dataset } from '../../data/dataset.js';
import { grid, image, vector } from '../../data/number-columns.js';
import type { Records } from '../../data/records.js';
import { targetTokens } from '../../data/token-columns.js';
import { captioner, type Captioner, type CaptionerOptions } from '../../tasks/captioner.js';
import { given } from '../apply-changes.js';
import { jsonOf } from './setup.js';
import { DEFAULT_FILTERS, sharedOut, splitAtRandom, type TaskKind, type TaskOptions } from './task.js';
import { checkTokensRules, entryOf, textsOf, tokenizerOf } from './texts.js';
import { longestOf, textOf } from './translate.js';
import { WritingRunner } from './writing.js';

/**
 * Entries of a record: its features, row by row, with their shape [F] or [P,F], and its caption.
 */
const FEATURES = 'features';
const CAPTION = 'caption';

/** A record of an image. */
export interface ImageFeatures {
  readonly features: Float32Array;
  readonly shape: readonly number[];
}

/** The column of an image, and the captioner's options for it. */
type Reading = Pick<CaptionerOptions, 'features' | 'image' | 'inject'> & { readonly column: Column };

/** Writes a sentence about each image, from its features or its pixels. */
export const caption: TaskKind = {
  name: 'caption',
  about: 'a sentence about each image, whose features are given',
  writes: true,
  takes: ['tokens', 'lowercase', 'minCount', 'inject', 'as', 'filters'],
  without: ['bidirectional', 'merge', 'pyramidal', 'initialState'],
  measures: ['exactMatch', 'editDistance', 'bleu', 'perplexity', 'accuracy'],
  entries: () => ({ read: [FEATURES], learnt: [CAPTION] }),
  stratum: () => undefined,
  split: splitAtRandom,
  shard: sharedOut,

  learn({ train }, options, { embedding = 64, ...layers }) {
    const { tokens: choice = 'words' } = options;
    checkTokensRules([choice], options);
    const tokenizer = tokenizerOf(choice, textsOf(train, CAPTION), options);
    const { column, ...reading } = inputOf(train.at(0) as ImageFeatures, options);
    return {
      setup: {
        task: 'caption',
        columns: jsonOf([column, targetTokens(CAPTION, tokenizer)]),
        options: { ...given({ as: options.as }) },
      },
      model: captioner({
        ...layers,
        ...reading,
        target: { tokenizer, embedding },
        generation: { longest: longestOf(textsOf(train, CAPTION), tokenizer) },
      }),
      warnings: [],
    };
  },

  open({ columns: json }, model) {
    const columns = json.map(columnFromJSON);
    const source = (records: Records<object>, batch: number) => dataset(records, columns, { batch });
    return {
      kind: caption,
      source,
      runner: (device, memory) =>
        new WritingRunner<ArrayLike<number>>(
          {
            model: model as Captioner,
            source,
            condition: (record) => entryOf(record, FEATURES) as Float32Array,
            wanted: (record) => textOf(record, CAPTION),
            positions: (_, places) => Array.from({ length: places }, (__, place) => String(place)),
          },
          device,
          memory,
        ),
      ofLine: undefined,
    };
  },
};

/** Features as they are, or square images of which P·F are the pixels and their channels. */
function inputOf({ shape }: ImageFeatures, { inject: chosen, as, filters }: TaskOptions): Reading {
  const [size, cells] = [...shape].reverse();
  if (as !== undefined) {
    const side = Math.sqrt(cells ?? NaN);
    if (as !== 'image' || !Number.isInteger(side))
      throw new OptionError(
        'as',
        as,
        `image for features [rows,P,F] of square images, but they are [${shape.join(',')}]`,
      );
    const sides = { rows: side, columns: side, channels: size };
    return {
      column: image(FEATURES, sides),
      image: { ...sides, filters: filters ?? DEFAULT_FILTERS },
      inject: chosen ?? 'attention',
    };
  }
  if (filters !== undefined)
    throw new OptionError('filters', filters, 'none unless images are read as a whole');
  const inject = chosen ?? (cells === undefined ? 'first' : 'attention');
  if (inject === 'attention' && cells === undefined)
    throw new OptionError('inject', inject, 'first, every or prefix for features [rows,F] without places');
  // Without attention, the features of all places stand side by side.
  const features = inject === 'attention' ? { size, cells } : { size: size * (cells ?? 1) };
  const column = inject === 'attention' ? grid(FEATURES, { size, cells }) : vector(FEATURES, features);
  return { column, features, inject };
}
