import {
  charModel,
  OptionError,
  type Corpus,
  type TextOptions,
  type TrainerOptions,
} from '../../../../src/index.js';
import {
  type CharModel,
  LARGEST_SEED,
  modelOptions,
  partsOfText,
  scheduleOf,
  stepOptions,
  textOptions,
  validationOf,
  type Changes,
  type StepOptions,
} from '../../../../src/graph.js';
import type { Entry } from '../../host/messages.js';
import type { Settings } from '../protocol.js';
import { wholeEntry } from '../../host/answers.js';
import { PageError } from '../../host/page-error.js';
import { count } from '../../page/format.js';
import { RECIPES } from './recipes.js';

/**
 * What the settings of the form ask for. The entries go to the engine as they were typed: it says
 * what is wrong with them, in its own words.
 */
export interface TrainingPlan {
  readonly text: Pick<TextOptions, 'newlines' | 'limit'>;
  /** Share of the text that is held back. */
  readonly validation: number;
  /** The step after which training ends. */
  readonly lastStep: number;
  readonly options: StepOptions &
    Pick<TrainerOptions, 'schedule'> & { readonly sizes: { readonly T: number; readonly N: number } };
  model(corpus: Corpus): CharModel;
}

/** @throws OptionError naming the option that is wrong */
export function planOf(settings: Settings): TrainingPlan {
  const preset = RECIPES[settings.preset];
  if (!preset) throw new OptionError('preset', settings.preset, `one of ${Object.keys(RECIPES).join(', ')}`);
  const lastStep = lastStepOf(settings);
  const changes = changesOf(settings);
  const model = modelOptions(preset, changes);
  const options = stepOptions(preset, changes);
  return {
    text: textOptions(preset, changes),
    validation: validationOf(preset, changes),
    lastStep,
    options: {
      ...options,
      sizes: { T: options.time, N: options.batch },
      // A cosine goes down over the whole run: it needs a last step.
      schedule: scheduleOf(preset, changes, settings.steps as number),
      seed: wholeEntry('seed', settings.seed, 0, LARGEST_SEED),
    },
    model: ({ vocabulary }) => charModel({ ...model, vocabulary }),
  };
}

/**
 * The part of a text that is trained on, and the part that is held back.
 * @throws PageError, OptionError where they are too short
 */
export function partsOf(
  corpus: Corpus,
  { validation, options: { sampling, sizes, seed } }: TrainingPlan,
): { train: Corpus; held: Corpus | undefined } {
  const held = Math.floor(corpus.length * validation);
  if (validation > 0 && validation < 1 && (held < 2 || corpus.length - held < 2))
    throw new PageError(({ tooShort }) => tooShort(count(corpus.length), String(validation)));
  const parts = partsOfText(corpus, validation);
  parts.train.loader({ ...(sampling ? { sampling } : {}), batch: sizes.N, time: sizes.T, seed }); // throws where the part is too short
  return { train: parts.train, held: parts.validation };
}

/** The step after which training ends; empty: never. */
export function lastStepOf({ steps }: Pick<Settings, 'steps'>): number {
  return steps === '' ? Infinity : wholeEntry('steps', steps, 1);
}

/**
 * The entries of the form as changes of the preset: all of them, since the form shows what the
 * preset says.
 */
function changesOf(settings: Settings): Changes {
  const { layers, hidden, dropout, recurrentDropout, batch, time } = settings;
  const { optimizer, rate, schedule, warmup, rateDecay, rateDecayAfter, rateFloor } = settings;
  return {
    cell: settings.cell === 'rnn-relu' ? 'rnn' : settings.cell,
    nonlinearity: settings.cell === 'rnn-relu' ? 'relu' : 'tanh',
    layers,
    hidden,
    dropout,
    recurrentDropout,
    batch,
    time,
    optimizer,
    rate,
    schedule,
    warmup,
    rateDecay,
    rateDecayAfter,
    rateFloor,
    clipNorm: limit(settings.clipNorm),
    clipValue: limit(settings.clipValue),
    validation: limit(settings.validation),
  } as Changes;
}

/** An entry that may be left out: then there is none. */
function limit(entry: Entry): Entry {
  return entry === '' ? 0 : entry;
}
