import { DataError, OptionError } from '../../core/errors.js';
import { isListOfValues, type Column } from '../../data/column.js';
import { columnFromJSON } from '../../data/column-json.js';
import { dataset } from '../../data/dataset.js';
import { features } from '../../data/number-columns.js';
import type { Records } from '../../data/records.js';
import { sourceTokens, targetTokens } from '../../data/token-columns.js';
import { encoderDecoder, type EncoderDecoder } from '../../tasks/encoder-decoder.js';
import type { ReaderInput } from '../../tasks/reader.js';
import type { Numbers } from '../../tasks/source-reader.js';
import { sourceIds, type SourceText, writtenSymbols } from '../../tasks/written-symbols.js';
import { symbolSizes } from '../../tasks/symbols.js';
import type { Tokenizer } from '../../text/tokenizers/tokenizer.js';
import { given } from '../apply-changes.js';
import { isReadable, jsonOf } from './setup.js';
import { sharedOut, splitAtRandom, type TaskKind, type TaskOptions } from './task.js';
import { checkTokensRules, entryOf, textsOf, tokenizerOf } from './texts.js';
import { WritingRunner } from './writing.js';

/** Entries of a record. */
export const SOURCE = 'source';
export const TARGET = 'target';

/** Source of a text: another text, or steps of numbers. */
type Source = SourceText | Numbers;

/** Writes a text for each text, or for steps of numbers such as frames of sound. */
export const translate: TaskKind = {
  name: 'translate',
  about: 'a text for each text, such as its translation, or for frames',
  writes: true,
  takes: [
    ...(['tokens', 'sourceTokens', 'targetTokens', 'lowercase', 'minCount'] as const),
    'stepSize',
    ...(['attention', 'summary', 'context'] as const),
  ],
  without: [],
  measures: ['exactMatch', 'editDistance', 'bleu', 'perplexity', 'accuracy'],
  entries: () => ({ read: [SOURCE], learnt: [TARGET] }),
  stratum: () => undefined,
  split: splitAtRandom,
  shard: sharedOut,

  learn({ train }, options, { embedding = 64, ...layers }) {
    const { tokens: both = 'characters', targetTokens: written = both } = options;
    const source = sourceOf(train, options, embedding);
    const target = tokenizerOf(written, textsOf(train, TARGET), options);
    const { attention, summary, context } = options;
    return {
      setup: {
        task: 'translate',
        columns: jsonOf([source.column, targetTokens(TARGET, target)]),
        options: {},
      },
      model: encoderDecoder({
        ...layers,
        ...given({ attention, summary, context }),
        source: source.input,
        target: { tokenizer: target, embedding },
        generation: { longest: longestOf(textsOf(train, TARGET), target) },
      }),
      warnings: [],
    };
  },

  open({ columns: json }, model) {
    const columns = json.map(columnFromJSON);
    const source = (records: Records<object>, batch: number) => dataset(records, columns, { batch });
    const writing = model as EncoderDecoder<ReaderInput>;
    const readsTexts = 'tokenizer' in json[0];
    return {
      kind: translate,
      source,
      runner: (device, memory) =>
        new WritingRunner<Source>(
          {
            model: writing,
            source,
            condition: (record) =>
              isReadable(record, json[0]) ? conditionOf(record, columns[0], readsTexts) : undefined,
            wanted: (record) => textOf(record, TARGET),
            positions: (from, count) =>
              readsTexts
                ? symbolsOf(from as SourceText, writing)
                : Array.from({ length: count }, (_, i) => `${i}`),
          },
          device,
          memory,
        ),
      ofLine: readsTexts ? (line) => ({ [SOURCE]: line }) : undefined,
    };
  },
};

/** The source, chosen by the first record: a text, or steps of numbers. */
function sourceOf(
  train: Records<object>,
  options: TaskOptions,
  embedding: number,
): { readonly column: Column; readonly input: ReaderInput } {
  const { tokens: both = 'characters', sourceTokens: read = both, targetTokens: written = both } = options;
  const first = entryOf(train.at(0), SOURCE);
  if (!isListOfValues(first)) {
    if (options.stepSize !== undefined)
      throw new OptionError('stepSize', options.stepSize, 'none unless sources are steps of numbers');
    checkTokensRules([read, written], options);
    const tokenizer = tokenizerOf(read, textsOf(train, SOURCE), options);
    return { column: sourceTokens(SOURCE, tokenizer), input: { tokenizer, embedding } };
  }
  if (options.sourceTokens !== undefined)
    throw new OptionError('sourceTokens', read, 'none, since sources are steps of numbers');
  checkTokensRules([written], options);
  const size = options.stepSize ?? (isListOfValues(first[0]) ? first[0].length : 1);
  const column = features(SOURCE, { size, source: true, normalize: 'standard' });
  // A data set computes the statistics.
  const [fitted] = dataset(train, [column], { batch: 1 }).columns;
  return { column: fitted, input: { features: size } };
}

/**
 * The source of a record: a text, or numbers as the column scales them.
 * @throws DataError for a record without a source
 */
function conditionOf(record: object, column: Column, readsTexts: boolean): Source {
  if (readsTexts) return textOf(record, SOURCE);
  const value = entryOf(record, SOURCE);
  if (isListOfValues(value)) return column.encode(value, 'A record').arrays.source;
  throw new DataError(`A record has no list of numbers in "${SOURCE}".`);
}

/** The text of an entry. @throws DataError for a record without a text there */
export function textOf(record: object, entry: string): string {
  const value = entryOf(record, entry);
  if (typeof value === 'string') return value;
  throw new DataError(
    `A record has no text in "${entry}"; it has ${Object.keys(record)
      .map((name) => `"${name}"`)
      .join(', ')}.`,
  );
}

/** Largest length of generated texts: 1.5 times the longest text of the training part, plus 5. */
export function longestOf(texts: Iterable<string>, tokenizer: Tokenizer): number {
  let longest = 0;
  for (const text of texts) longest = Math.max(longest, tokenizer.encode(text).length);
  return Math.ceil(1.5 * longest) + 5;
}

/** The symbols of a source. */
function symbolsOf(text: SourceText, { symbols: { source } }: EncoderDecoder<ReaderInput>): string[] {
  if (source === undefined) return [];
  const written = writtenSymbols(source, symbolSizes('source', source, 0).V);
  return sourceIds(text, written, 'text').map((id) => written.decode([id]));
}
