import { DataError, OptionError } from '../../core/errors.js';
import { columnFromJSON } from '../../data/column-json.js';
import { dataset } from '../../data/dataset.js';
import { tags } from '../../data/label-columns.js';
import type { Records } from '../../data/records.js';
import { tokens } from '../../data/token-columns.js';
import { likeliest, softmaxOf } from '../../tasks/labels.js';
import type { PredictingModel } from '../../tasks/predicting.js';
import { tagger } from '../../tasks/tagger.js';
import { words } from '../../text/tokenizers/words.js';
import type { Fields } from '../../train/batch.js';
import { labelEvaluation, ReadingRunner } from './reading.js';
import { isReadable, jsonOf } from './setup.js';
import { splitAtRandom, type TaskKind } from './task.js';
import { entryOf, findLabels } from './texts.js';

/** A record's tokens and their tags: entries of records of CoNLL files. */
const [TOKENS, TAGS] = ['tokens', 'tags'];

/** The tags of a sentence, each with its probability. */
interface Tagged {
  readonly tags: readonly string[];
  readonly probabilities: readonly number[];
}

/** A label for each token of a sentence. */
export const tag: TaskKind = {
  name: 'tag',
  about: 'a label for each token of a sentence',
  takes: ['tokens', 'lowercase', 'minCount'],
  without: ['pyramidal'],
  measures: ['accuracy', 'f1'],
  entries: () => ({ read: [TOKENS], learnt: [TAGS] }),
  stratum: () => undefined,
  split: splitAtRandom,

  learn(
    records,
    { tokens: choice = 'words', lowercase = false, minCount = 1 },
    { embedding = 64, ...layers },
  ) {
    if (choice !== 'words')
      throw new OptionError('tokens', choice, 'words, since the file says what the tokens are');
    const found = findLabels(records, (record, where) => listOf(record, TAGS, where));
    const sentences = [...records.train].map((record) => listOf(record, TOKENS, 'A record').join(' '));
    // A token is a symbol as it is, with whatever stands in it.
    const tokenizer = words(sentences, { split: / /, lowercase, minCount });
    return {
      setup: {
        task: 'tag',
        columns: jsonOf([tokens(TOKENS, tokenizer), tags(TAGS, found.names)]),
        options: {},
      },
      model: tagger({ ...layers, input: { tokenizer, embedding }, labels: found.names }),
      warnings: found.warnings,
    };
  },

  open({ columns: json }, model) {
    const columns = json.map(columnFromJSON);
    const labels = (json[1] as unknown as { readonly labels: readonly string[] }).labels;
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
      ofLine: (line) => ({ [TOKENS]: line.split(/\s+/).filter((token) => token !== '') }),
    };
  },
};

function listOf(record: object, entry: string, where: string): readonly string[] {
  const value = entryOf(record, entry);
  if (Array.isArray(value)) return value as readonly string[];
  throw new DataError(`${where}: expected a list of names in "${entry}", such as CoNLL files have.`);
}

/** The tagger, whose predictions tell how sure it is of each tag. */
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
