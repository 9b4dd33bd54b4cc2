import { DataError, describe, OptionError } from '../../core/errors.js';
import { isListOfValues, type Column } from '../../data/column.js';
import { columnFromJSON } from '../../data/column-json.js';
import { dataset } from '../../data/dataset.js';
import { tags } from '../../data/label-columns.js';
import { features, image } from '../../data/number-columns.js';
import type { Records } from '../../data/records.js';
import { tokens } from '../../data/token-columns.js';
import { likeliest, softmaxOf } from '../../tasks/labels.js';
import type { PredictingModel } from '../../tasks/predicting.js';
import type { ReaderInput } from '../../tasks/reader.js';
import { tagger } from '../../tasks/tagger.js';
import { characters } from '../../text/tokenizers/characters.js';
import { words } from '../../text/tokenizers/words.js';
import type { Fields } from '../../train/batch.js';
import { labelEvaluation, ReadingRunner } from './reading.js';
import { isReadable, jsonOf } from './setup.js';
import { DEFAULT_FILTERS, sharedOut, splitAtRandom, type TaskKind, type TaskOptions } from './task.js';
import { entryOf, findLabels, textsOf } from './texts.js';

/** The tags of a sequence, each with its probability. */
interface Tagged {
  readonly tags: readonly string[];
  readonly probabilities: readonly number[];
}

/**
 * A label for each token of a sentence, each character of a text, or each step of a list of
 * numbers.
 */
export const tag: TaskKind = {
  name: 'tag',
  about: 'a label for each token, character or step',
  writes: false,
  takes: ['text', 'label', 'tokens', 'lowercase', 'minCount', 'as', 'filters'],
  without: ['pyramidal'],
  measures: ['accuracy', 'f1'],
  entries: ({ text = 'tokens', label = 'tags' }) => ({ read: [text], learnt: [label] }),
  stratum: () => undefined,
  split: splitAtRandom,
  shard: sharedOut,

  learn(records, options, { embedding = 64, ...layers }) {
    const { text = 'tokens', label = 'tags' } = options;
    const found = findLabels(records, (record, where) => tagsOf(record, label, where));
    const { column, input } = inputOf(records.train, options, embedding);
    return {
      setup: {
        task: 'tag',
        columns: jsonOf([column, tags(label, found.names)]),
        options: { text, label },
      },
      model: tagger({ ...layers, input, labels: found.names }),
      warnings: found.warnings,
    };
  },

  open({ columns: json }, model) {
    const columns = json.map(columnFromJSON);
    const [{ kind, name, tokenizer }] = json;
    const { kind: symbols } = (tokenizer ?? {}) as { readonly kind?: string };
    const labels = json[1].labels as readonly string[];
    const source = (records: Records<object>, batch: number) => dataset(records, columns, { batch });
    return {
      kind: tag,
      source,
      runner: (device, memory) =>
        new ReadingRunner<Tagged>(
          {
            model: withProbabilities(model as PredictingModel, labels),
            columns,
            source,
            readable: (rows) => rows.map((row) => (isReadable(row, json[0]) ? row : undefined)),
            show: (found) => ({ text: found.tags.join(' '), data: { ...found } }),
            finish: (evaluation) => labelEvaluation(evaluation, labels),
          },
          device,
          memory,
        ),
      ofLine:
        kind === 'tokens' ? (line) => ({ [name]: symbols === 'words' ? tokensOf(line) : line }) : undefined,
    };
  },
};

function tokensOf(line: string): string[] {
  return line.split(/\s+/).filter((token) => token !== '');
}

/** The tags of a record, without the steps that have none. */
function tagsOf(record: object, label: string, where: string): readonly string[] {
  const value = entryOf(record, label);
  if (Array.isArray(value)) return (value as (string | null)[]).filter((name) => name !== null);
  throw new DataError(`${where}: expected a list of names in "${label}", or null for a step without one.`);
}

/** The column of the input, and the model's input layer for it. */
interface TagInput {
  readonly column: Column;
  readonly input: ReaderInput;
}

/** The input, chosen by the first record: a list of tokens, a text, or numbers. */
function inputOf(train: Records<object>, options: TaskOptions, embedding: number): TagInput {
  const { text = 'tokens', lowercase = false, minCount = 1 } = options;
  const first = entryOf(train.at(0), text);
  if (isListOfValues(first) && typeof first[0] !== 'string') return numbersOf(train, options);
  if (options.as !== undefined || options.filters !== undefined)
    throw new OptionError('as', options.as, 'none unless steps are images');
  const wanted = typeof first === 'string' ? 'characters' : 'words';
  const { tokens: choice = wanted } = options;
  if (choice !== wanted)
    throw new OptionError('tokens', choice, `${wanted}, since the file defines the tokens`);
  if (typeof first === 'string') {
    if (lowercase) throw new OptionError('lowercase', lowercase, 'false unless tokens are words');
    const tokenizer = characters(textsOf(train, text), { minCount });
    return { column: tokens(text, tokenizer), input: { tokenizer, embedding } };
  }
  // Every token is one symbol, whatever characters it has.
  const sentences = Array.from(train, (record, place) => sentenceOf(record, text, train.nameOf(place)));
  const tokenizer = words(sentences, { split: / /, lowercase, minCount });
  return { column: tokens(text, tokenizer), input: { tokenizer, embedding } };
}

/** The tokens of a record, joined by spaces. @throws DataError unless it has a list of texts */
function sentenceOf(record: object, text: string, where: string): string {
  const value = entryOf(record, text);
  if (isListOfValues(value) && Array.from(value).every((token) => typeof token === 'string'))
    return Array.from(value).join(' ');
  throw new DataError(`${where}: expected a list of tokens in "${text}", got ${describe(value)}.`);
}

/** Steps of numbers, or of square images: as many as there are tags. */
function numbersOf(train: Records<object>, options: TaskOptions): TagInput {
  const { text = 'tokens', label = 'tags', as, filters = DEFAULT_FILTERS } = options;
  if (options.tokens !== undefined)
    throw new OptionError('tokens', options.tokens, `none, since "${text}" has numbers`);
  const first = entryOf(train.at(0), text) as ArrayLike<unknown>;
  const steps = (entryOf(train.at(0), label) as ArrayLike<unknown>).length;
  const size = isListOfValues(first[0]) ? first[0].length : first.length / steps;
  if (!Number.isInteger(size) || size === 0)
    throw new DataError(
      `${train.nameOf(0)}: "${text}" has ${first.length} numbers for ${steps} tags in "${label}": ` +
        'expected as many for each.',
    );
  if (as === undefined) return { column: features(text, { size }), input: { features: size } };
  const side = Math.sqrt(size);
  if (as !== 'image' || !Number.isInteger(side))
    throw new OptionError('as', as, `image for steps that are square images, but a step has ${size} numbers`);
  const sides = { rows: side, columns: side };
  return { column: image(text, { ...sides, every: true }), input: { image: { ...sides, filters } } };
}

/** The tagger, whose predictions also have the probability of each tag. */
function withProbabilities(
  model: PredictingModel,
  labels: readonly string[],
): PredictingModel<Fields, Tagged> {
  const K = labels.length;
  return {
    ...model,
    read: ({ logits }, { arrays: { lengths }, sizes: { N } }) =>
      Array.from({ length: N }, (_, n): Tagged => {
        const starts = Array.from({ length: lengths[n] }, (__, t) => (t * N + n) * K);
        const ids = starts.map((start) => likeliest(logits, start, K));
        return {
          tags: ids.map((id) => labels[id]),
          probabilities: ids.map((id, t) => softmaxOf(logits, starts[t], K)[id]),
        };
      }),
  };
}
