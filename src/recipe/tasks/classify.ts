import { DataError, OptionError } from '../../core/errors.js';
import { columnFromJSON } from '../../data/column-json.js';
import { dataset } from '../../data/dataset.js';
import { classes } from '../../data/label-columns.js';
import type { Records } from '../../data/records.js';
import { tokens } from '../../data/token-columns.js';
import { classifier, type Scores } from '../../tasks/classifier.js';
import type { PredictingModel } from '../../tasks/predicting.js';
import type { Fields } from '../../train/batch.js';
import { given } from '../apply-changes.js';
import { channelsOf, checkImages, imagesOf, type Reading } from './images.js';
import { labelEvaluation, ReadingRunner } from './reading.js';
import { isReadable, jsonOf } from './setup.js';
import { sharedOut, splitAtRandom, type TaskKind, type TaskOptions } from './task.js';
import { checkChoice, checkTokensRules, entryOf, findLabels, textsOf, tokenizerOf } from './texts.js';

/** A label for each text or image. */
export const classify: TaskKind = {
  name: 'classify',
  about: 'a label for each text or image',
  writes: false,
  takes: ['text', 'label', 'tokens', 'lowercase', 'minCount', 'as', 'filters', 'pooling'],
  without: [],
  measures: ['accuracy', 'f1'],
  entries: ({ text = 'text', label = 'label', as }) => ({
    read: [as === undefined ? text : 'image'],
    learnt: [label],
  }),
  stratum: ({ label = 'label' }) => label,
  split: splitAtRandom,
  shard: sharedOut,

  learn(records, options, { embedding = 64, ...layers }) {
    const { text = 'text', label = 'label', as, pooling } = options;
    const found = findLabels(records, (record, where) => [labelOf(record, label, where)]);
    const { column, input } = inputOf(records.train, options, embedding);
    checkChoice(found.names);
    return {
      setup: {
        task: 'classify',
        columns: jsonOf([column, classes(label, found.names)]),
        options:
          as === undefined
            ? { text, label }
            : { as, label, channels: channelsOf(records.train), ...given({ text: options.text }) },
      },
      model: classifier({
        ...layers,
        ...(pooling === undefined ? {} : { pooling }),
        input,
        labels: found.names,
      }),
      warnings: found.warnings,
    };
  },

  open({ columns: json, options: { as, channels = 1 } }, model) {
    const columns = json.map(columnFromJSON);
    const [read] = columns;
    const labels = json[1].labels as readonly string[];
    const checked = <T extends Iterable<object>>(records: T): T => {
      if (as !== undefined) checkImages(records, as, { column: json[0], channels });
      return records;
    };
    const source = (records: Records<object>, batch: number) => dataset(checked(records), columns, { batch });
    const isText = json[0].kind === 'tokens';
    return {
      kind: classify,
      source,
      runner: (device, memory) =>
        new ReadingRunner<Scores>(
          {
            model: model as PredictingModel<Fields, Scores>,
            columns,
            source,
            readable: (rows) => checked(rows).map((row) => (isReadable(row, json[0]) ? row : undefined)),
            show: ({ label, probabilities }) => ({ text: label, data: { label, probabilities } }),
            finish: (evaluation) => labelEvaluation(evaluation, labels),
          },
          device,
          memory,
        ),
      ofLine: isText ? (line) => ({ [read.name]: line }) : undefined,
    };
  },
};

/** What stands in the entry of the label. @throws DataError for what is no name */
function labelOf(record: object, label: string, where: string): string {
  const value = entryOf(record, label);
  if (typeof value === 'string' && value !== '') return value;
  const wrong = value === '' ? 'the label in' : 'expected the name of a label in';
  throw new DataError(
    `${where}: ${wrong} "${label}"${value === '' ? ' is empty' : ''}; ` +
      `it has ${Object.keys(record)
        .map((name) => `"${name}"`)
        .join(', ')}. Every record needs a label.`,
  );
}

function inputOf(train: Records<object>, options: TaskOptions, embedding: number): Reading {
  if (options.as !== undefined) return imagesOf(train, options.as, options.filters);
  if (options.filters !== undefined)
    throw new OptionError('filters', options.filters, 'none unless images are read as a whole');
  const { text = 'text', tokens: choice = 'words' } = options;
  checkTokensRules([choice], options);
  const tokenizer = tokenizerOf(choice, textsOf(train, text), options);
  return { column: tokens(text, tokenizer), input: { tokenizer, embedding } };
}
