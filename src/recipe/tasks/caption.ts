import { OptionError } from '../../core/errors.js';
import { columnFromJSON } from '../../data/column-json.js';
import { dataset } from '../../data/dataset.js';
import { grid, vector } from '../../data/number-columns.js';
import type { Records } from '../../data/records.js';
import { targetTokens } from '../../data/token-columns.js';
import { captioner, type Captioner } from '../../tasks/captioner.js';
import { given } from '../compose.js';
import { jsonOf } from './setup.js';
import { splitAtRandom, type TaskKind } from './task.js';
import { checkTokensRules, entryOf, textsOf, tokenizerOf } from './texts.js';
import { longestOf, textOf } from './translate.js';
import { WritingRunner } from './writing.js';

/** Entries of a record: its features, row by row, with their shape [F] or [P,F], and its caption. */
const FEATURES = 'features';
const CAPTION = 'caption';

/** A record of an image. */
export interface ImageFeatures {
  readonly features: Float32Array;
  readonly shape: readonly number[];
}

/** A sentence about each image, whose features are given. */
export const caption: TaskKind = {
  name: 'caption',
  about: 'a sentence about each image, whose features are given',
  takes: ['tokens', 'lowercase', 'minCount', 'inject'],
  without: ['bidirectional', 'merge', 'pyramidal', 'initialState'],
  measures: ['exactMatch', 'editDistance', 'bleu', 'perplexity', 'accuracy'],
  entries: () => ({ read: [FEATURES], learnt: [CAPTION] }),
  stratum: () => undefined,
  split: splitAtRandom,

  learn({ train }, options, { embedding = 64, ...layers }) {
    const { tokens: choice = 'words' } = options;
    checkTokensRules([choice], options);
    const tokenizer = tokenizerOf(choice, textsOf(train, CAPTION), options);
    const { shape } = train.at(0) as ImageFeatures;
    const [size, cells] = [...shape].reverse();
    const inject = options.inject ?? (cells === undefined ? 'first' : 'attention');
    if (inject === 'attention' && cells === undefined)
      throw new OptionError('inject', inject, 'first, every or prefix for features [rows,F] without places');
    const attends = inject === 'attention';
    // Without attention, the features of all places stand side by side.
    const given_ = attends ? { size, cells } : { size: size * (cells ?? 1) };
    const read = attends ? grid(FEATURES, { size, cells }) : vector(FEATURES, { size: given_.size });
    return {
      setup: { task: 'caption', columns: jsonOf([read, targetTokens(CAPTION, tokenizer)]), options: {} },
      model: captioner({
        ...layers,
        ...given({ inject }),
        features: given_,
        target: { tokenizer, embedding },
        generation: { longest: longestOf(textsOf(train, CAPTION), tokenizer) },
      }),
      warnings: [],
    };
  },

  open({ columns: json }, model) {
    const columns = json.map(columnFromJSON);
    const source = (records: Records<object>, batch: number) => dataset(records, columns, { batch });
    const { cells = 1 } = json[0] as { readonly cells?: number };
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
            positions: () => Array.from({ length: cells }, (_, place) => String(place)),
          },
          device,
          memory,
        ),
      ofLine: undefined,
    };
  },
};
