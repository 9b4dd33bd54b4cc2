import { OptionError } from '../core/errors.js';
import { GATES, hasRecurrentWeights, type CellKind } from '../cells/facts.js';
import { CHAR_MODEL_DEFAULTS, type CharModelConfig } from '../text/char-model.js';
import type { ProductPrecision } from '../plan/target.js';
import { torchDefault, type Initializer } from '../layers/initializers.js';
import type { TextOptions } from '../text/read-text.js';
import { optimizerFromJSON, type OptimizerSpec } from '../train/optimizers.js';
import {
  constantRate,
  cosineDecay,
  SCHEDULE_KINDS,
  stepDecay,
  type RateSchedule,
} from '../train/schedules.js';
import type { TrainerOptions } from '../train/trainer-options.js';
import type { Preset } from './presets.js';

/**
 * Options that replace parts of a preset. Missing options keep the preset's values. The model, the
 * optimizer, the schedule and the trainer check the values.
 */
export interface Changes extends Partial<
  Pick<
    CharModelConfig,
    | 'cell'
    | 'nonlinearity'
    | 'reset'
    | 'hidden'
    | 'layers'
    | 'bidirectional'
    | 'embedding'
    | 'initialState'
    | 'dropout'
    | 'recurrentDropout'
  >
> {
  /** Replaces the preset's initializer. */
  readonly init?: Initializer | 'torch';
  readonly forgetBias?: number;
  readonly embeddingStd?: number;
  readonly batch?: number;
  readonly time?: number;
  readonly sampling?: 'consecutive' | 'random';
  /**
   * Whether states are carried from one window to the next. Default: unless sampling is `random`.
   */
  readonly carry?: boolean;
  /** Kind of optimizer. One that is not the preset's has its own defaults. */
  readonly optimizer?: OptimizerSpec['kind'];
  readonly rate?: number;
  readonly schedule?: RateSchedule['kind'];
  readonly warmup?: number;
  /** For the schedule `step`: factor per epoch, and number of epochs before. */
  readonly rateDecay?: number;
  readonly rateDecayAfter?: number;
  /** For the schedule `cosine`: share of the rate at the end. */
  readonly rateFloor?: number;
  /** 0: no limit. */
  readonly clipNorm?: number;
  readonly clipValue?: number;
  readonly loss?: 'mean' | 'sum';
  /** Precision of the operands of products in training. */
  readonly precision?: ProductPrecision;
  readonly seed?: number;
  readonly newlines?: 'keep' | 'space';
  readonly limit?: number;
  readonly minCount?: number;
  /** Share of the text that is held back for validation, 0 to below 1. */
  readonly validation?: number;
}

const OF_MODELS = [
  'cell',
  'nonlinearity',
  'hidden',
  'layers',
  'reset',
  'bidirectional',
  'embedding',
  'dropout',
  'recurrentDropout',
  'initialState',
] as const satisfies readonly (keyof Changes & keyof CharModelConfig)[];

/** An object without its undefined entries, so that defaults apply. */
export function given<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/**
 * The model options of a preset with changes.
 * @param weights options that given weights determine; they override the preset, and changes
 *   override them
 */
export function modelOptions(
  { model: preset }: Pick<Preset, 'model'>,
  changes: Changes,
  weights: Partial<CharModelConfig> = {},
): CharModelConfig {
  const chosen = given(Object.fromEntries(OF_MODELS.map((name) => [name, changes[name]])));
  const model: CharModelConfig = { ...CHAR_MODEL_DEFAULTS, ...preset, ...weights, ...chosen };
  return { ...model, init: initOf(changes, model) };
}

/**
 * The initializer. Refinements of the preset apply only to cells that can have them. Refinements of
 * the user always apply, and the model refuses those that its cell cannot have.
 */
function initOf(changes: Changes, { cell, hidden, embedding, init: own }: CharModelConfig): Initializer {
  const { init: chosen, forgetBias, embeddingStd } = changes;
  const init = chosen === 'torch' ? torchDefault(hidden) : (chosen ?? fitting(own, cell));
  return given({
    ...init,
    forgetBias: forgetBias ?? init.forgetBias,
    // A model without an embedding has no deviation of its vectors.
    embedding: embedding === 0 ? undefined : (embeddingStd ?? init.embedding),
  });
}

/**
 * The initializer without refinements that the cell cannot have. The model refuses an unknown cell.
 */
function fitting({ recurrent, forgetBias, ...init }: Initializer, cell: CellKind): Initializer {
  const known = Object.hasOwn(GATES, cell);
  const forgets = known && GATES[cell].includes('f');
  return {
    ...init,
    ...(forgetBias !== undefined && forgets ? { forgetBias } : {}),
    ...(recurrent !== undefined && known && hasRecurrentWeights(cell) ? { recurrent } : {}),
  };
}

/** Options of the trainer, without the schedule. */
export type StepOptions = Omit<TrainerOptions, 'device' | 'schedule' | 'optimizer'> & {
  readonly optimizer: OptimizerSpec;
  readonly batch: number;
  readonly time: number;
  readonly seed: number;
};

/**
 * The trainer's options of a preset with changes, without the schedule.
 * @param source batch of a text with several streams, and length of the windows of a synthetic task
 * @throws OptionError for an option of the optimizer
 */
export function stepOptions(
  { train }: Pick<Preset, 'train'>,
  changes: Changes,
  source: { readonly streams?: number; readonly time?: number } = {},
): StepOptions {
  const { streams = 1 } = source;
  const batch = changes.batch ?? (streams > 1 ? streams : train.batch);
  return {
    batch,
    time: source.time ?? changes.time ?? train.time,
    sampling: samplingOf(changes.sampling, train.sampling, batch === 1 && streams === 1),
    ...given({ carry: changes.carry }),
    optimizer: optimizerOf(train, changes),
    clip: clipOf(train, changes),
    loss: changes.loss ?? train.loss,
    report: changes.loss ?? train.report,
    seed: changes.seed ?? 0,
    ...given({ precision: changes.precision }),
  };
}

/** The sampling. `pointer` is possible only with one row, and only if the preset has it. */
function samplingOf(
  chosen: Changes['sampling'],
  preset: Preset['train']['sampling'],
  oneRow: boolean,
): Preset['train']['sampling'] {
  if (chosen === 'random' || (chosen === undefined && preset === 'random')) return 'random';
  return preset === 'pointer' && oneRow ? 'pointer' : 'consecutive';
}

/** The preset's optimizer, or another kind with its own defaults; with the changed rate. */
function optimizerOf(train: Preset['train'], { optimizer, rate }: Changes): OptimizerSpec {
  const { kind, options } = train.optimizer;
  const chosen = optimizer ?? kind;
  return optimizerFromJSON({
    kind: chosen,
    options: { ...(chosen === kind ? options : {}), ...given({ rate }) },
  });
}

function clipOf(
  { clip }: Preset['train'],
  { clipNorm: norm, clipValue: value }: Changes,
): { norm?: number; value?: number } {
  const limits = { ...clip, ...given({ norm, value }) };
  return Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== 0));
}

/** The kind of schedule of a preset with changes. A changed decay means `step`. */
export function scheduleKind(
  { train: { schedule } }: Pick<Preset, 'train'>,
  { schedule: chosen, rateDecay, rateDecayAfter }: Changes,
): RateSchedule['kind'] {
  const decays = rateDecay !== undefined || rateDecayAfter !== undefined;
  return chosen ?? (decays ? 'step' : (schedule?.kind ?? 'constant'));
}

/**
 * The schedule of a preset with changes. Options of other kinds of schedules are ignored.
 * @param steps length of the run, for a cosine
 * @throws OptionError
 */
export function scheduleOf(preset: Pick<Preset, 'train'>, changes: Changes, steps: number): RateSchedule {
  const { warmup: rise, rateDecay: decay, rateDecayAfter: after, rateFloor: floor } = changes;
  const { schedule } = preset.train;
  const warmup = given({ warmup: rise });
  const kind = scheduleKind(preset, changes);
  switch (kind) {
    case 'constant':
      return constantRate(warmup);
    case 'step':
      return stepDecay({
        ...(schedule ? { decay: schedule.decay, after: schedule.after } : {}),
        ...given({ decay, after }),
        ...warmup,
      });
    case 'cosine':
      return cosineDecay({ steps, ...given({ floor }), ...warmup });
    default:
      throw new OptionError('schedule', kind, `one of ${SCHEDULE_KINDS.join(', ')}`);
  }
}

/** The options for reading the text, of a preset with changes. */
export function textOptions(
  { text }: Pick<Preset, 'text'>,
  { newlines, limit, minCount }: Changes,
): Pick<TextOptions, 'newlines' | 'limit' | 'minCount'> {
  return given({ newlines: newlines ?? text.newlines, limit: limit ?? text.limit, minCount });
}

/** Share of the text that is held back for validation, of a preset with changes. */
export function validationOf({ validation: preset }: Pick<Preset, 'validation'>, changes: Changes): number {
  return changes.validation ?? preset ?? 0;
}
