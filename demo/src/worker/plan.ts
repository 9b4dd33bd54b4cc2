import {
  charModel,
  constantRate,
  cosineDecay,
  OptionError,
  stepDecay,
  type CharModel,
  type CharModelConfig,
  type Corpus,
  type Preset,
  type RateSchedule,
  type TextOptions,
  type OptimizerSpec,
  type TrainerOptions,
} from '../../../src/index.js';
import {
  GATES,
  hasRecurrentWeights,
  LARGEST_SEED,
  optimizerFromJSON,
  SCHEDULE_KINDS,
} from '../../../src/graph.js';
import type { Entry, Settings } from '../protocol.js';
import { wholeEntry } from './answers.js';
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
  readonly options: Omit<TrainerOptions, 'device'> & {
    readonly optimizer: OptimizerSpec;
    readonly sizes: { readonly T: number; readonly N: number };
  };
  model(corpus: Corpus): CharModel;
}

/** @throws OptionError naming the option that is wrong */
export function planOf(settings: Settings): TrainingPlan {
  const preset = RECIPES[settings.preset];
  if (!preset) throw new OptionError('preset', settings.preset, `one of ${Object.keys(RECIPES).join(', ')}`);
  const { loss, report, sampling } = preset.train;
  const [batch, time] = [settings.batch, settings.time] as number[];
  const model = modelOf(settings, preset);
  return {
    text: preset.text,
    validation: limit(settings.validation) ?? 0,
    lastStep: lastStepOf(settings),
    options: {
      batch,
      time,
      sizes: { T: time, N: batch },
      // One pointer cannot be in several places of the text.
      sampling: sampling === 'pointer' && settings.batch !== 1 ? 'consecutive' : sampling,
      loss,
      report,
      clip: clipOf(settings),
      optimizer: optimizerOf(settings, preset),
      schedule: scheduleOf(settings),
      seed: wholeEntry('seed', settings.seed, 0, LARGEST_SEED),
    },
    model: ({ vocabulary }) => charModel({ ...model, vocabulary }),
  };
}

/**
 * The part of a text that is trained on, and the part that is held back.
 * @throws DataError, OptionError where they are too short
 */
export function partsOf(
  corpus: Corpus,
  { validation, options: { sampling, sizes, seed = 0 } }: TrainingPlan,
): { train: Corpus; held: Corpus | undefined } {
  const parts = validation === 0 ? { train: corpus, validation: undefined } : corpus.split(validation);
  parts.train.loader({ ...(sampling ? { sampling } : {}), batch: sizes.N, time: sizes.T, seed }); // throws where the part is too short
  return { train: parts.train, held: parts.validation };
}

/** The step after which training ends; empty: never. */
export function lastStepOf({ steps }: Pick<Settings, 'steps'>): number {
  return steps === '' ? Infinity : wholeEntry('steps', steps, 1);
}

/** The preset's model with the entries of the form. */
function modelOf(
  { cell: chosen, layers, hidden, dropout, recurrentDropout }: Settings,
  { model }: Preset,
): CharModelConfig {
  const cell = chosen === 'rnn-relu' ? 'rnn' : (chosen as CharModelConfig['cell']);
  const nonlinearity = chosen === 'rnn-relu' ? 'relu' : 'tanh';
  const entries = { layers, hidden, dropout, recurrentDropout } as Pick<
    CharModelConfig,
    'layers' | 'hidden' | 'dropout' | 'recurrentDropout'
  >;
  return { ...model, cell, nonlinearity, ...entries, init: cell in GATES ? initOf(model, cell) : model.init };
}

/** What a preset says about gates and recurrent weights is for cells that have them. */
function initOf({ init }: CharModelConfig, cell: CharModelConfig['cell']): CharModelConfig['init'] {
  const { forgetBias, recurrent, ...rest } = init;
  return {
    ...rest,
    ...(forgetBias !== undefined && (GATES[cell] as readonly string[]).includes('f') ? { forgetBias } : {}),
    ...(recurrent !== undefined && hasRecurrentWeights(cell) ? { recurrent } : {}),
  };
}

/** The preset's optimizer with the rate of the form, or another one with its own defaults. */
function optimizerOf({ optimizer, rate }: Settings, preset: Preset): OptimizerSpec {
  const { kind, options } = preset.train.optimizer;
  return optimizerFromJSON(
    optimizer === kind ? { kind, options: { ...options, rate } } : { kind: optimizer, options: { rate } },
  );
}

/**
 * Of the kind that was chosen, with the entries that belong to it. A cosine goes down over the
 * whole run: it needs a last step.
 */
function scheduleOf({
  schedule: kind,
  warmup,
  rateDecay,
  rateDecayAfter,
  rateFloor,
  steps,
}: Settings): RateSchedule {
  const [rise, decay, after, floor, last] = [warmup, rateDecay, rateDecayAfter, rateFloor, steps] as number[];
  if (kind === 'constant') return constantRate({ warmup: rise });
  if (kind === 'step') return stepDecay({ decay, after, warmup: rise });
  if (kind === 'cosine') return cosineDecay({ steps: last, floor, warmup: rise });
  throw new OptionError('schedule', kind, `one of ${SCHEDULE_KINDS.join(', ')}`);
}

function clipOf({ clipNorm, clipValue }: Settings): { norm?: number; value?: number } {
  const [norm, value] = [limit(clipNorm), limit(clipValue)];
  return { ...(norm === undefined ? {} : { norm }), ...(value === undefined ? {} : { value }) };
}

/** An entry that may be left out. */
function limit(entry: Entry): number | undefined {
  return entry === '' || entry === 0 ? undefined : (entry as number);
}
