import { PRESETS, type CharModelConfig, type Preset } from '../../../../src/index.js';
import { CHAR_MODEL_DEFAULTS } from '../../../../src/graph.js';
import type { Catalogue, RecipeSettings } from '../protocol.js';

/**
 * The recipe that the page starts with: small enough that a software adapter writes words within
 * seconds, with a part held back.
 */
const FIRST_WORDS: Preset = {
  about:
    'small GRU, 16 rows of 24 characters; Adam, gradients scaled down to norm 1, 5 % held back. It ' +
    'writes words soonest',
  model: {
    ...CHAR_MODEL_DEFAULTS,
    cell: 'gru',
    hidden: 64,
    init: { kind: 'glorot', recurrent: 'orthogonal' },
  },
  train: {
    batch: 16,
    time: 24,
    sampling: 'consecutive',
    loss: 'mean',
    report: 'mean',
    clip: { norm: 1 },
    optimizer: { kind: 'adam', options: { rate: 1e-2 } },
  },
  text: { newlines: 'keep' },
  validation: 0.05,
  show: { every: { steps: 100 }, sample: { length: 200, temperature: 0.7 } },
};

/**
 * The recipes of the page by name: its own first, then those of the command that a page can train.
 * The large ones take days.
 */
export const RECIPES: Readonly<Record<string, Preset>> = {
  'first-words': FIRST_WORDS,
  'min-char-rnn': PRESETS['min-char-rnn'],
  gluon: PRESETS.gluon,
  'char-rnn': PRESETS['char-rnn'],
};

/** The rates that the form proposes for each optimizer. */
export const RATES: Catalogue['rates'] = { sgd: 0.5, adagrad: 0.1, rmsprop: 2e-3, adam: 3e-3, adamw: 3e-3 };

/** Returns the entries of the form for a recipe. */
export function recipeEntries(name: string): Catalogue['presets'][number] {
  const { about, model, train, validation, show } = RECIPES[name];
  const { schedule, clip, optimizer, batch, time } = train;
  const settings = {
    ...modelEntries(model),
    batch,
    time,
    ...rateEntries(schedule),
    ...clipEntries(clip),
    optimizer: optimizer.kind,
    rate: optimizer.options.rate as number,
  };
  const sampling = {
    ...show.sample,
    draw: 'all',
    topK: 5,
    sampleEvery: name in PRESETS && 'steps' in show.every ? show.every.steps : '',
  };
  return {
    name,
    about,
    windows: train.sampling,
    settings: { ...settings, validation: validation ?? '' },
    sampling,
  };
}

/** Returns the entries of the form for a model. */
export function modelEntries({
  cell,
  nonlinearity,
  layers,
  hidden,
  dropout,
  recurrentDropout,
}: CharModelConfig): Pick<RecipeSettings, 'cell' | 'layers' | 'hidden' | 'dropout' | 'recurrentDropout'> {
  return {
    cell: cell === 'rnn' && nonlinearity === 'relu' ? 'rnn-relu' : cell,
    layers,
    hidden,
    dropout,
    recurrentDropout,
  };
}

/** Returns the entries of the form for gradient clipping. */
export function clipEntries({
  norm,
  value,
}: {
  readonly norm?: number;
  readonly value?: number;
}): Pick<RecipeSettings, 'clipNorm' | 'clipValue'> {
  return { clipNorm: norm ?? '', clipValue: value ?? '' };
}

/**
 * Returns the entries of the form for a schedule. Entries that the schedule does not use keep a
 * default.
 */
export function rateEntries(
  schedule: {
    readonly kind: string;
    readonly warmup?: number;
    readonly decay?: number;
    readonly after?: number;
    readonly floor?: number;
  } = { kind: 'constant' },
): Pick<RecipeSettings, 'schedule' | 'warmup' | 'rateDecay' | 'rateDecayAfter' | 'rateFloor'> {
  const { kind, warmup = 0, decay = 0.97, after = 10, floor = 0.1 } = schedule;
  return { schedule: kind, warmup, rateDecay: decay, rateDecayAfter: after, rateFloor: floor };
}
