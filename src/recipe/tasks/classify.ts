import { DataError, OptionError } from '../../core/errors.js';
import { columnFromJSON } from '../../data/column-json.js';
import type { Column } from '../../data/column.js';
import { dataset } from '../../data/dataset.js';
import { classes } from '../../data/label-columns.js';
import { features, image } from '../../data/number-columns.js';
import type { Records } from '../../data/records.js';
import { tokens } from '../../data/token-columns.js';
import { classifier, type Scores } from '../../tasks/classifier.js';
import type { PredictingModel } from '../../tasks/predicting.js';
import type { ReaderInput } from '../../tasks/reader.js';
import type { Fields } from '../../train/batch.js';
import { labelEvaluation, ReadingRunner } from './reading.js';
import { isReadable, jsonOf } from './setup.js';
import { splitAtRandom, type ImageReading, type TaskKind, type TaskOptions } from './task.js';
import { checkTokensRules, entryOf, findLabels, textsOf, tokenizerOf } from './texts.js';

/** Filters of convolutions where a user says nothing. */
const FILTERS = [8, 16];

/** A label for each text or image. */
export const classify: TaskKind = {
  name: 'classify',
  about: 'a label for each text or image',
  takes: ['text', 'label', 'tokens', 'lowercase', 'minCount', 'as', 'filters', 'pooling'],
  without: [],
  measures: ['accuracy', 'f1'],
  entries: ({ text = 'text', label = 'label', as }) => ({
    read: [as === undefined ? text : 'image'],
    learnt: [label],
  }),
  stratum: ({ label = 'label' }) => label,
  split: splitAtRandom,

  learn(records, options, { embedding = 64, ...layers }) {
    const { text = 'text', label = 'label', as, pooling } = options;
    const found = findLabels(records, (record, where) => [labelOf(record, label, where)]);
    const { column, input } = inputOf(records.train, options, embedding);
    return {
      setup: {
        task: 'classify',
        columns: jsonOf([column, classes(label, found.names)]),
        options: as === undefined ? { text, label } : { as, label },
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

  open({ columns: json }, model) {
    const columns = json.map(columnFromJSON);
    const [read] = columns;
    const labels = (json[1] as unknown as { readonly labels: readonly string[] }).labels;
    const source = (records: Records<object>, batch: number) => dataset(records, columns, { batch });
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
            readable: (rows) => rows.map((row) => (isReadable(row, json[0]) ? row : undefined)),
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
  throw new DataError(
    `${where}: ${value === '' ? `the label in "${label}" is empty` : `expected the name of a label in "${label}"`}; ` +
      `it has ${Object.keys(record)
        .map((name) => `"${name}"`)
        .join(', ')}. Every record needs a label.`,
  );
}

/** What is read of a record, and how the model reads it. */
interface Reading {
  readonly column: Column;
  readonly input: ReaderInput;
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

function imagesOf(train: Records<object>, as: ImageReading, filters: readonly number[] | undefined): Reading {
  const { rows, columns } = train.at(0) as { readonly rows: number; readonly columns: number };
  if (as === 'image') {
    const size = { rows, columns };
    return {
      column: image('image', { ...size, every: true }),
      input: { image: { ...size, filters: filters ?? FILTERS } },
    };
  }
  if (filters !== undefined)
    throw new OptionError('filters', filters, 'none unless images are read as a whole');
  const size = as === 'rows' ? columns : 1;
  return { column: features('image', { size }), input: { features: size } };
}
