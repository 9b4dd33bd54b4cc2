import { DataError } from '../../core/errors.js';
import { columnFromJSON } from '../../data/column-json.js';
import { dataset } from '../../data/dataset.js';
import type { Records } from '../../data/records.js';
import { sourceTokens, targetTokens } from '../../data/token-columns.js';
import { encoderDecoder, type EncoderDecoder } from '../../tasks/encoder-decoder.js';
import { sourceIds, type SourceText, writtenSymbols } from '../../tasks/written-symbols.js';
import { symbolSizes } from '../../tasks/symbols.js';
import type { Tokenizer } from '../../text/tokenizers/tokenizer.js';
import { given } from '../compose.js';
import { isReadable, jsonOf } from './setup.js';
import { splitAtRandom, type TaskKind } from './task.js';
import { checkTokensRules, entryOf, textsOf, tokenizerOf } from './texts.js';
import { WritingRunner } from './writing.js';

/** Entries of a record. */
export const SOURCE = 'source';
export const TARGET = 'target';

/** A text for each text. */
export const translate: TaskKind = {
  name: 'translate',
  about: 'a text for each text, such as its translation',
  takes: [
    ...(['tokens', 'sourceTokens', 'targetTokens', 'lowercase', 'minCount'] as const),
    ...(['attention', 'summary', 'context'] as const),
  ],
  without: [],
  measures: ['exactMatch', 'editDistance', 'bleu', 'perplexity', 'accuracy'],
  entries: () => ({ read: [SOURCE], learnt: [TARGET] }),
  stratum: () => undefined,
  split: splitAtRandom,

  learn({ train }, options, { embedding = 64, ...layers }) {
    const { tokens: both = 'characters', sourceTokens: read = both, targetTokens: written = both } = options;
    checkTokensRules([read, written], options);
    const source = tokenizerOf(read, textsOf(train, SOURCE), options);
    const target = tokenizerOf(written, textsOf(train, TARGET), options);
    const { attention, summary, context } = options;
    return {
      setup: {
        task: 'translate',
        columns: jsonOf([sourceTokens(SOURCE, source), targetTokens(TARGET, target)]),
        options: {},
      },
      model: encoderDecoder({
        ...layers,
        ...given({ attention, summary, context }),
        source: { tokenizer: source, embedding },
        target: { tokenizer: target, embedding },
        generation: { longest: longestOf(textsOf(train, TARGET), target) },
      }),
      warnings: [],
    };
  },

  open({ columns: json }, model) {
    const columns = json.map(columnFromJSON);
    const source = (records: Records<object>, batch: number) => dataset(records, columns, { batch });
    const writing = model as EncoderDecoder;
    return {
      kind: translate,
      source,
      runner: (device, memory) =>
        new WritingRunner<SourceText>(
          {
            model: writing,
            source,
            condition: (record) => (isReadable(record, json[0]) ? textOf(record, SOURCE) : undefined),
            wanted: (record) => textOf(record, TARGET),
            positions: (text) => symbolsOf(text, writing),
          },
          device,
          memory,
        ),
      ofLine: (line) => ({ [SOURCE]: line }),
    };
  },
};

/** @throws DataError for what is no text */
export function textOf(record: object, entry: string): string {
  const value = entryOf(record, entry);
  if (typeof value === 'string') return value;
  throw new DataError(
    `A record has no text in "${entry}"; it has ${Object.keys(record)
      .map((name) => `"${name}"`)
      .join(', ')}.`,
  );
}

/** Steps that a text may have: half as many again as the longest of the training part, and some more. */
export function longestOf(texts: Iterable<string>, tokenizer: Tokenizer): number {
  let longest = 0;
  for (const text of texts) longest = Math.max(longest, tokenizer.encode(text).length);
  return Math.ceil(1.5 * longest) + 5;
}

/** The symbols of a source, one by one. */
function symbolsOf(text: SourceText, { symbols: { source } }: EncoderDecoder): string[] {
  if (source === undefined) return [];
  const written = writtenSymbols(source, symbolSizes('source', source, 0).V);
  return sourceIds(text, written, 'text').map((id) => written.decode([id]));
}
