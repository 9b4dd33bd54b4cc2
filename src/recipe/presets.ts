import type { TextOptions } from '../text/read-text.js';
import { CHAR_MODEL_DEFAULTS, type CharModelConfig } from '../text/char-model.js';

/**
 * A published recipe: options of the model, the training, the text and the output. This is the
 * first file to read in src/recipe; apply-changes.ts applies a user's changes to a preset.
 */
export interface Preset {
  readonly about: string;
  readonly model: CharModelConfig;
  readonly train: {
    readonly batch: number;
    readonly time: number;
    readonly sampling: 'pointer' | 'consecutive' | 'random';
    readonly loss: 'mean' | 'sum';
    readonly report: 'mean' | 'sum';
    readonly clip: { readonly norm?: number; readonly value?: number };
    /** Default: a constant rate. */
    readonly schedule?: {
      readonly kind: 'step';
      readonly decay: number;
      readonly after: number;
      readonly warmup: number;
    };
    readonly optimizer: {
      readonly kind: 'sgd' | 'adagrad' | 'rmsprop' | 'adam';
      readonly options: Readonly<Record<string, number | boolean>>;
    };
  };
  readonly text: Pick<TextOptions, 'newlines' | 'limit'>;
  /** Share of the text, at its end, that is held back. Default: none. */
  readonly validation?: number;
  readonly show: {
    /** Default length of a run. Absent: until the user stops it. */
    readonly epochs?: number;
    /** Number of steps or epochs between two samples or reports. */
    readonly every: { readonly steps: number } | { readonly epochs: number };
    readonly sample: { readonly length: number; readonly temperature: number };
  };
}

/** Weights N(0, 0.01²), biases 0; an embedding, which these recipes do not have, from N(0, 1). */
const smallNormal = { kind: 'normal', deviation: 0.01, embedding: 1 } as const;

export const PRESET_NAMES = [
  'min-char-rnn',
  'gluon',
  'char-rnn',
  'names',
  'paul-graham',
  'shakespeare',
  'linux',
] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

/** The defaults of the Torch program char-rnn. */
const CHAR_RNN: Omit<Preset, 'about' | 'model'> = {
  train: {
    batch: 50,
    time: 50,
    sampling: 'consecutive',
    loss: 'mean',
    report: 'mean',
    clip: { value: 5 },
    optimizer: { kind: 'rmsprop', options: { rate: 2e-3, decay: 0.95 } },
    schedule: { kind: 'step', decay: 0.97, after: 10, warmup: 0 },
  },
  text: { newlines: 'keep' },
  validation: 0.05,
  show: { epochs: 50, every: { steps: 1000 }, sample: { length: 500, temperature: 1 } },
};

/** The LSTM of char-rnn, in any size. */
function charRnnModel(layers: number, hidden: number, dropout = 0): CharModelConfig {
  return {
    ...CHAR_MODEL_DEFAULTS,
    ...{ cell: 'lstm', hidden, layers, dropout },
    init: { kind: 'uniform', bound: 0.08, forgetBias: 1, embedding: 1 },
  };
}

/**
 * The recipes by name. Sources: A. Karpathy's min-char-rnn and char-rnn; `names` to `linux` are the
 * networks of his text "The Unreasonable Effectiveness of Recurrent Neural Networks" (2015),
 * without their texts; `gluon` is from the chapter on recurrent networks of "Dive into Deep
 * Learning", first edition.
 */
export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  'min-char-rnn': {
    about:
      'tanh RNN with 100 units that reads 25 characters at a time; Adagrad, gradients clipped element ' +
      'by element',
    model: {
      ...CHAR_MODEL_DEFAULTS,
      cell: 'rnn',
      nonlinearity: 'tanh',
      hidden: 100,
      layers: 1,
      biases: 'single',
      form: 'fused',
      init: smallNormal,
    },
    train: {
      batch: 1,
      time: 25,
      sampling: 'pointer',
      loss: 'sum',
      report: 'sum',
      clip: { value: 5 },
      optimizer: { kind: 'adagrad', options: { rate: 0.1, epsilon: 1e-8, epsilonInside: true } },
    },
    text: { newlines: 'keep' },
    show: { every: { steps: 100 }, sample: { length: 200, temperature: 1 } },
  },
  gluon: {
    about: 'tanh RNN with 256 units, 32 rows of 35 characters; plain SGD, gradients scaled down to norm 5',
    model: {
      ...CHAR_MODEL_DEFAULTS,
      cell: 'rnn',
      nonlinearity: 'tanh',
      hidden: 256,
      layers: 1,
      biases: 'single',
      form: 'fused',
      init: smallNormal,
    },
    train: {
      batch: 32,
      time: 35,
      sampling: 'random',
      loss: 'sum',
      report: 'mean',
      clip: { norm: 5 },
      optimizer: { kind: 'sgd', options: { rate: 0.2 } },
    },
    text: { newlines: 'space', limit: 20_000 },
    show: { epochs: 200, every: { epochs: 20 }, sample: { length: 100, temperature: 0 } },
  },
  'char-rnn': {
    about:
      'two LSTM layers of 128 units, 50 rows of 50 characters; RMSprop whose rate falls after 10 ' +
      'epochs, gradients clipped element by element, 5 % held back',
    model: charRnnModel(2, 128),
    ...CHAR_RNN,
  },
  names: {
    about: 'char-rnn for a list of names, one a line: two LSTM layers of 128 units, 50 rows of 20 characters',
    model: charRnnModel(2, 128),
    ...CHAR_RNN,
    train: { ...CHAR_RNN.train, time: 20 },
  },
  'paul-graham': {
    about:
      'char-rnn for a megabyte of essays: two LSTM layers of 512 units, dropout 0.5, 100 rows of 100 ' +
      'characters (3.5 million parameters)',
    model: charRnnModel(2, 512, 0.5),
    ...CHAR_RNN,
    train: { ...CHAR_RNN.train, batch: 100, time: 100 },
  },
  shakespeare: {
    about: 'char-rnn for a few megabytes of plays: three LSTM layers of 512 units (5.4 million parameters)',
    model: charRnnModel(3, 512),
    ...CHAR_RNN,
  },
  linux: {
    about:
      'char-rnn for hundreds of megabytes of source text: three LSTM layers of 700 units (ten million ' +
      'parameters), 100 rows of 100 characters',
    model: charRnnModel(3, 700),
    ...CHAR_RNN,
    train: { ...CHAR_RNN.train, batch: 100, time: 100 },
  },
};

/** The recipe of synthetic tasks. It has no text and no samples. */
export const TASK_PRESET: Preset = {
  about: 'LSTM with 96 units and large forget biases, 32 rows; Adam, gradients scaled down to norm 1',
  model: {
    ...CHAR_MODEL_DEFAULTS,
    cell: 'lstm',
    hidden: 96,
    init: { kind: 'glorot', recurrent: 'orthogonal', forgetBias: 3 },
  },
  train: {
    batch: 32,
    time: 50,
    sampling: 'consecutive',
    loss: 'mean',
    report: 'mean',
    clip: { norm: 1 },
    optimizer: { kind: 'adam', options: { rate: 5e-3 } },
  },
  text: {},
  show: { every: { steps: 100 }, sample: { length: 1, temperature: 1 } },
};
