/** Recipes of tasks on records by name: data, model and training. */
import type { Records } from '../data/records.js';
import type { MadeOptions } from '../data/toys/catalogue.js';
import type { Inject } from '../tasks/captioner.js';
import type { Initializer } from '../layers/initializers.js';
import type { Fields } from '../train/batch.js';
import type { Model } from '../train/model.js';
import type { RowSource } from '../data/dataset.js';
import { startingFrom } from './starting-weights.js';
import { openSetup, TASKS } from './tasks/index.js';
import type { TaskLayers, TaskName, TaskOptions } from './tasks/task.js';

/** Origin of a recipe's records. */
export type PresetData =
  /** `data make NAME`, with its options. */
  | { readonly made: string; readonly options?: MadeOptions; readonly rows: number }
  /** `data get NAME`. */
  | { readonly get: string };

/** Options of training on records. */
export interface PresetTraining {
  readonly batch: number;
  readonly rate: number;
  readonly epochs: number;
  /** Largest norm of a gradient. Default 5. */
  readonly clipNorm?: number;
}

/** A model, and how to make its batches from records. */
export interface PresetModel {
  readonly model: Model;
  readonly source: (records: Records<object>) => RowSource<Fields>;
}

/** A recipe of a task. */
export interface TaskPreset {
  readonly name: string;
  readonly task: TaskName;
  /** Description of task and model, in one sentence. */
  readonly says: string;
  readonly data: PresetData;
  /** Options of the task, as for `train --task`. */
  readonly options: TaskOptions;
  readonly layers: TaskLayers;
  /** Initial weights. Default: those of the modules, as in PyTorch. */
  readonly init?: Initializer;
  readonly train: PresetTraining;
  /** Makes tokenizers and labels from the training records, and the model. */
  readonly learn: (train: Records<object>) => PresetModel;
}

type Given = Omit<TaskPreset, 'learn' | 'options'> & Partial<Pick<TaskPreset, 'options'>>;

/** Makes a recipe; it uses the same description of the task as the command. */
function preset({ options = {}, ...given }: Given): TaskPreset {
  const { task, layers, train, init } = given;
  const learn = (records: Records<object>): PresetModel => {
    const { setup, model } = TASKS[task].learn({ train: records, validation: undefined }, options, layers);
    const open = openSetup(setup, model);
    const start = startingFrom(model, init === undefined ? {} : { init });
    return { model: start, source: (rows) => open.source(rows, train.batch) };
  };
  return { ...given, options, learn };
}

/**
 * Initial weights of a one-layer relu RNN that keeps its state at first: recurrent weights are the
 * identity, biases 0, others from N(0, 0.001²) (Le, Jaitly and Hinton, 2015).
 */
const FROM_IDENTITY: Initializer = { kind: 'normal', deviation: 0.001, recurrent: 'identity' };

const PIXELS: PresetTraining = { batch: 32, rate: 1e-4, epochs: 20, clipNorm: 1 };
const DATES: PresetTraining = { batch: 64, rate: 3e-3, epochs: 10 };
const SUMS: PresetTraining = { batch: 128, rate: 3e-3, epochs: 60 };
const STRINGS: PresetTraining = { batch: 64, rate: 3e-3, epochs: 10 };

/** Pairs of texts. */
const TRANSLATIONS: readonly TaskPreset[] = [
  preset({
    name: 'dates',
    task: 'translate',
    says: 'Dates in fifteen ways of writing to ISO 8601, by a bidirectional GRU with additive attention.',
    data: { made: 'dates', rows: 20_000 },
    options: { tokens: 'characters', attention: 'additive' },
    layers: { cell: 'gru', hidden: 128, embedding: 32, bidirectional: true },
    train: DATES,
  }),
  preset({
    name: 'addition',
    task: 'translate',
    says: 'Sums of three digits, the source reversed, by an LSTM encoder–decoder without attention.',
    data: { made: 'addition', options: { digits: 3, reversed: true }, rows: 50_000 },
    options: { tokens: 'characters', attention: 'none' },
    layers: { cell: 'lstm', hidden: 128, embedding: 16 },
    train: SUMS,
  }),
  preset({
    name: 'reversing',
    task: 'translate',
    says: 'Strings backwards, by a GRU with general attention.',
    data: { made: 'reversing', rows: 10_000 },
    options: { tokens: 'characters', attention: 'general' },
    layers: { cell: 'gru', hidden: 64, embedding: 16 },
    train: STRINGS,
  }),
  preset({
    name: 'sorting',
    task: 'translate',
    says: 'The symbols of strings in order, by an LSTM with additive attention.',
    data: { made: 'sorting', rows: 10_000 },
    options: { tokens: 'characters', attention: 'additive' },
    layers: { cell: 'lstm', hidden: 64, embedding: 16 },
    train: STRINGS,
  }),
  preset({
    name: 'number-words',
    task: 'translate',
    says: 'Numbers in English words, by a bidirectional GRU with additive attention.',
    data: { made: 'number-words', rows: 20_000 },
    options: { sourceTokens: 'characters', targetTokens: 'words', attention: 'additive' },
    layers: { cell: 'gru', hidden: 128, embedding: 32, bidirectional: true },
    train: STRINGS,
  }),
  preset({
    name: 'number-words-chinese',
    task: 'translate',
    says: 'Numbers in Chinese words, by a bidirectional GRU with additive attention.',
    data: { made: 'number-words', options: { language: 'chinese' }, rows: 20_000 },
    options: { tokens: 'characters', attention: 'additive' },
    layers: { cell: 'gru', hidden: 128, embedding: 32, bidirectional: true },
    train: STRINGS,
  }),
  preset({
    name: 'phonemes',
    task: 'translate',
    says: 'Letters to phonemes, by a bidirectional LSTM with additive attention; decode with --beam 4.',
    data: { get: 'phonemes' },
    options: { sourceTokens: 'characters', targetTokens: 'words', attention: 'additive' },
    layers: { cell: 'lstm', hidden: 256, embedding: 64, bidirectional: true },
    train: { batch: 64, rate: 1e-3, epochs: 10 },
  }),
];

/** Morse code as frames, each layer of the encoder with half the steps of the one below, or not. */
function morse(pyramidal: boolean): TaskPreset {
  return preset({
    name: pyramidal ? 'morse' : 'morse-flat',
    task: 'translate',
    says:
      `Noisy Morse code to letters, by a ${pyramidal ? 'pyramidal' : 'flat'} bidirectional LSTM with ` +
      'attention.',
    data: { made: 'morse', rows: 5000 },
    options: { tokens: 'characters', attention: 'general', stepSize: 8 },
    layers: { cell: 'lstm', hidden: 64, layers: 3, embedding: 16, bidirectional: true, pyramidal },
    train: { batch: 32, rate: 2e-3, epochs: 20 },
  });
}

/** Labels for texts, images and symbols. */
const LABELS: readonly TaskPreset[] = [
  preset({
    name: 'spam',
    task: 'classify',
    says: 'Ham or spam, by a bidirectional GRU over words.',
    data: { get: 'spam' },
    options: { tokens: 'words', lowercase: true, minCount: 3, pooling: 'max' },
    layers: { cell: 'gru', hidden: 64, embedding: 64, bidirectional: true },
    train: { batch: 32, rate: 2e-3, epochs: 5 },
  }),
  preset({
    name: 'negation',
    task: 'classify',
    says: 'Reviews of which one word is denied, by an LSTM over words.',
    data: { made: 'negation', rows: 4000 },
    options: { tokens: 'words' },
    layers: { cell: 'lstm', hidden: 32, embedding: 16 },
    train: { batch: 32, rate: 5e-3, epochs: 10 },
  }),
  preset({
    name: 'temporal-order',
    task: 'classify',
    says: 'The order of two marks that are far apart, by an LSTM over characters.',
    data: { made: 'temporal-order', rows: 10_000 },
    options: { tokens: 'characters' },
    layers: { cell: 'lstm', hidden: 32, embedding: 8 },
    train: { batch: 64, rate: 1e-2, epochs: 10 },
  }),
  preset({
    name: 'digits-rows',
    task: 'classify',
    says: 'Handwritten digits, a row of pixels a step, by an LSTM.',
    data: { get: 'digits' },
    options: { as: 'rows' },
    layers: { cell: 'lstm', hidden: 128 },
    train: { batch: 64, rate: 2e-3, epochs: 10 },
  }),
  preset({
    name: 'digits-pixels',
    task: 'classify',
    says:
      'Handwritten digits, a pixel a step, by a relu RNN that starts from the identity (Le and others, ' +
      '2015).',
    data: { get: 'digits' },
    options: { as: 'pixels' },
    layers: { cell: 'rnn', nonlinearity: 'relu', hidden: 100 },
    train: PIXELS,
    init: FROM_IDENTITY,
  }),
  preset({
    name: 'dyck',
    task: 'tag',
    says: 'The bracket that may close next, by an LSTM over brackets.',
    data: { made: 'dyck', rows: 10_000 },
    layers: { cell: 'lstm', hidden: 64, embedding: 16 },
    train: { batch: 64, rate: 5e-3, epochs: 10 },
  }),
];

/** Symbols, films and numbers step by step. */
const STEPS: readonly TaskPreset[] = [
  preset({
    name: 'copy-memory',
    task: 'tag',
    says: 'Symbols that are wanted again after a gap of thirty blanks, by a GRU.',
    data: { made: 'copy-memory', rows: 10_000 },
    layers: { cell: 'gru', hidden: 96, embedding: 0 },
    train: { batch: 32, rate: 5e-3, epochs: 20, clipNorm: 1 },
  }),
  preset({
    name: 'moving-shapes',
    task: 'tag',
    says: 'Where a shape in a film goes next, by convolutions and a bidirectional LSTM.',
    data: { made: 'moving-shapes', rows: 2000 },
    options: { text: 'frames', as: 'image', filters: [8, 16] },
    layers: { cell: 'lstm', hidden: 64, bidirectional: true },
    train: { batch: 32, rate: 3e-3, epochs: 10 },
  }),
  preset({
    name: 'sensors',
    task: 'regress',
    says: 'The temperature in twelve hours from two days of three sensors, by an LSTM.',
    data: { made: 'sensors', rows: 8000 },
    options: {
      ...{ inputs: ['temperature', 'humidity', 'pressure'], target: 'temperature' },
      ...{ window: 48, horizon: 12 },
    },
    layers: { cell: 'lstm', hidden: 32 },
    train: { batch: 64, rate: 3e-3, epochs: 5 },
  }),
  ...[100, 200].map((time) => adding(time)),
];

/** The adding problem over T steps. */
function adding(time: number): TaskPreset {
  return preset({
    name: `adding-${time}`,
    task: 'regress',
    says: `The sum of the two marked of ${time} numbers, by a GRU; a tanh RNN fails (1/6 is guessing).`,
    data: { made: 'adding', options: { time }, rows: 10_000 },
    options: { inputs: ['steps'], target: 'sum', stepSize: 2 },
    layers: { cell: 'gru', hidden: 64 },
    train: { batch: 50, rate: 2e-3, epochs: 10, clipNorm: 1 },
  });
}

/** Texts about one thing each. */
const CAPTIONS: readonly TaskPreset[] = [
  ...(['first', 'every'] as const).map((inject) =>
    preset({
      name: `names-${inject}`,
      task: 'caption',
      says: `First names, the class given at ${inject === 'first' ? 'the first step' : 'every step'}, by a GRU.`,
      data: { get: 'names' },
      options: { tokens: 'characters', inject },
      layers: { cell: 'gru', hidden: 128, embedding: 16 },
      train: { batch: 64, rate: 3e-3, epochs: 20 },
    }),
  ),
  preset({
    name: 'written-digits',
    task: 'caption',
    says: 'Digits written pixel by pixel in four grey levels, the class given at every step, by a GRU.',
    data: { get: 'written-digits' },
    options: { tokens: 'characters', inject: 'every' },
    layers: { cell: 'gru', hidden: 128, embedding: 8 },
    train: { batch: 32, rate: 2e-3, epochs: 10 },
  }),
  ...(['first', 'every', 'attention'] as const).map((inject) => scenes(inject)),
];

/** Pictures of coloured shapes, read by convolutions. */
function scenes(inject: Inject): TaskPreset {
  const how = { first: 'given at the first step', every: 'given at every step' } as const;
  return preset({
    name: `scenes-${inject}`,
    task: 'caption',
    says:
      'Sentences about coloured shapes, by convolutions and an LSTM, the picture ' +
      `${inject === 'first' || inject === 'every' ? how[inject] : 'attended to place by place'}.`,
    // Two poolings reduce four by four pixels to one place, which is one place of the grid.
    // There are 2916 different scenes.
    data: { made: 'scenes', options: { pixels: 4 }, rows: 2000 },
    options: { tokens: 'words', inject, as: 'image', filters: [16, 32] },
    layers: { cell: 'lstm', hidden: 64, embedding: 32 },
    train: { batch: 32, rate: 3e-3, epochs: 20 },
  });
}

/** All recipes, in the order in which they are listed. */
export const TASK_PRESETS: readonly TaskPreset[] = [
  ...TRANSLATIONS,
  ...[true, false].map((pyramidal) => morse(pyramidal)),
  ...LABELS,
  ...STEPS,
  ...CAPTIONS,
];
