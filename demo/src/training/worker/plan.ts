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
import { leastCharacters } from '../least-text.js';
import { RECIPES } from './recipes.js';

/**
 * The run that the settings of the form describe. The entries are passed to the engine as they were
 * typed: its error messages explain what is wrong.
 */
export interface TrainingPlan {
  readonly text: Pick<TextOptions, 'newlines' | 'limit'>;
  /** The field that the text is given in. */
  readonly field: 'text' | 'pasted' | 'file';
  /** Share of the text that is held back. */
  readonly validation: number;
  /** The step after which training ends. */
  readonly lastStep: number;
  readonly options: StepOptions &
    Pick<TrainerOptions, 'schedule'> & { readonly sizes: { readonly T: number; readonly N: number } };
  model(corpus: Corpus): CharModel;
}

/** @throws OptionError with the name of the wrong option */
export function planOf(settings: Settings): TrainingPlan {
  const preset = RECIPES[settings.preset];
  if (!preset) throw new OptionError('preset', settings.preset, `one of ${Object.keys(RECIPES).join(', ')}`);
  const lastStep = lastStepOf(settings);
  const changes = changesOf(settings);
  const model = modelOptions(preset, changes);
  const options = stepOptions(preset, changes);
  return {
    text: textOptions(preset, changes),
    field: settings.text.kind === 'pasted' || settings.text.kind === 'file' ? settings.text.kind : 'text',
    validation: validationOf(preset, changes),
    lastStep,
    options: {
      ...options,
      sizes: { T: options.time, N: options.batch },
      // A cosine schedule falls over the whole run, so it needs a last step.
      schedule: scheduleOf(preset, changes, settings.steps as number),
      seed: wholeEntry('seed', settings.seed, 0, LARGEST_SEED),
    },
    model: ({ vocabulary }) => charModel({ ...model, vocabulary }),
  };
}

/**
 * The part of a text that is trained on, and the part that is held back.
 * @throws PageError where the text is too short, OptionError
 */
export function partsOf(
  corpus: Corpus,
  { field, validation, options: { sampling = 'consecutive', sizes, seed } }: TrainingPlan,
): { train: Corpus; held: Corpus | undefined } {
  const least = leastCharacters({ windows: sampling, batch: sizes.N, time: sizes.T, validation });
  if (corpus.length < least)
    throw new PageError(({ tooShort }) => tooShort(count(corpus.length), count(least)), field);
  const parts = partsOfText(corpus, validation);
  // This throws if an entry is no number.
  parts.train.loader({ sampling, batch: sizes.N, time: sizes.T, seed });
  return { train: parts.train, held: parts.validation };
}

/** Returns the step after which training ends; an empty entry means never. */
export function lastStepOf({ steps }: Pick<Settings, 'steps'>): number {
  return steps === '' ? Infinity : wholeEntry('steps', steps, 1);
}

/**
 * Returns all entries of the form as changes to the preset, because the form shows the preset's
 * values too.
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

/** Returns an optional entry; empty means no limit. */
function limit(entry: Entry): Entry {
  return entry === '' ? 0 : entry;
}
