import {
  constantRate,
  cosineDecay,
  PRESETS,
  stepDecay,
  torchDefault,
  type CharModelConfig,
  type Corpus,
  type Initializer,
  type OptimizerSpec,
  type Preset,
  type PresetName,
  type RateSchedule,
  type Task,
  type TrainerOptions,
} from '../node.js';
import { CHAR_MODEL_DEFAULTS, GATES, hasRecurrentWeights, optimizerFromJSON, TASK_PRESET } from '../graph.js';
import { UsageError } from './failure.js';
import type { RecipeFlags } from './options.js';
import type { StartingWeights } from './weights.js';

/** Recipe without --preset. */
export const DEFAULT_PRESET: PresetName = 'min-char-rnn';

/** The preset that the options start from. */
export function presetOf(flags: RecipeFlags): Preset {
  if (flags.preset === undefined && isTaskRun(flags)) return TASK_PRESET;
  return PRESETS[flags.preset ?? DEFAULT_PRESET];
}

/** Whether something else than a text is learnt. */
export function isTaskRun({ task }: RecipeFlags): boolean {
  return task !== undefined && task !== 'text';
}

/** An object without its undefined entries, so that defaults apply. */
export function given<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/** The model: options win over given weights, and these over the preset. */
export function modelOptions(flags: RecipeFlags, weights: StartingWeights | undefined): CharModelConfig {
  const { cell, nonlinearity, hidden, layers, reset, bidirectional, embedding, dropout, recurrentDropout } =
    flags;
  refuseAnotherCell(flags, weights);
  const initialState = flags.learnedState === undefined ? undefined : flags.learnedState ? 'learned' : 'zero';
  const options = given({
    cell,
    nonlinearity,
    hidden,
    layers,
    reset,
    bidirectional,
    embedding,
    dropout,
    recurrentDropout,
    initialState,
  } as const);
  const model = { ...CHAR_MODEL_DEFAULTS, ...presetOf(flags).model, ...weights?.model, ...options };
  for (const [option, owner] of Object.entries(OPTIONS_OF_ONE_CELL))
    if (flags[option as keyof typeof OPTIONS_OF_ONE_CELL] !== undefined && model.cell !== owner)
      throw new UsageError(`--${option} belongs to --cell ${owner}, not to --cell ${model.cell}.`);
  return { ...model, init: initOf(flags, model) };
}

const OPTIONS_OF_ONE_CELL = { nonlinearity: 'rnn', reset: 'gru' } as const;

/**
 * Weights of one kind of cell fit, by their shapes, into another that computes something else with
 * them. Files of other programs do not tell all of it.
 */
function refuseAnotherCell(flags: RecipeFlags, weights: StartingWeights | undefined): void {
  for (const option of ['cell', 'nonlinearity', 'reset'] as const) {
    const [chosen, given] = [flags[option], weights?.model[option]];
    if (
      chosen === undefined ||
      given === undefined ||
      chosen === given ||
      (option !== 'cell' && weights?.model.cell !== OPTIONS_OF_ONE_CELL[option])
    )
      continue;
    const are = option === 'cell' ? `are of the cell ${given}` : `were trained with --${option} ${given}`;
    throw new UsageError(
      `--${option} ${chosen}: the weights of --init-from ${are}. Leave --${option} out, or start ` +
        'without these weights.',
    );
  }
}

/**
 * The preset's forget bias is for cells with a forget gate; the one of the options is for any, and
 * refused where there is none.
 */
function initOf(flags: RecipeFlags, { cell, hidden, embedding, init: own }: CharModelConfig): Initializer {
  const { initStd, init: chosen, forgetBias, embeddingStd } = flags;
  const { forgetBias: preset, ...rest } = own;
  const kept: Initializer =
    preset !== undefined && (GATES[cell] as readonly string[]).includes('f')
      ? { ...rest, forgetBias: preset }
      : rest;
  const init: Initializer =
    initStd !== undefined
      ? { kind: 'normal', deviation: initStd }
      : chosen === 'torch'
        ? torchDefault(hidden)
        : (chosen ?? withoutRecurrent(kept, cell));
  if (embeddingStd !== undefined && embedding === 0)
    throw new UsageError('--embedding-std is about the vectors of --embedding WIDTH, and there are none.');
  return given({
    ...init,
    forgetBias: forgetBias ?? init.forgetBias,
    // A checkpoint says nothing of vectors that its model does not have.
    embedding: embedding === 0 ? undefined : (embeddingStd ?? init.embedding),
  });
}

/** A preset's choice for recurrent weights, for a cell that has none. */
function withoutRecurrent({ recurrent, ...init }: Initializer, cell: keyof typeof GATES): Initializer {
  return recurrent !== undefined && hasRecurrentWeights(cell) ? { ...init, recurrent } : init;
}

/**
 * How one step trains, without the schedule. A task decides the time steps and which targets count.
 */
export function trainerOptions(
  flags: RecipeFlags,
  source: Pick<Corpus, 'streams'> | Pick<Task, 'time'>,
): Omit<TrainerOptions, 'device' | 'schedule' | 'optimizer'> & {
  readonly optimizer: OptimizerSpec;
  readonly batch: number;
  readonly time: number;
} {
  const { train } = presetOf(flags);
  const { streams, time } = { streams: 1, time: undefined, ...source };
  const batch = flags.batch ?? (streams > 1 ? streams : train.batch);
  return {
    batch,
    time: time ?? flags.time ?? train.time,
    sampling: samplingOf(flags, batch, streams),
    optimizer: optimizerOf(flags),
    clip: clipOf(flags),
    loss: flags.loss ?? train.loss,
    report: flags.loss ?? train.report,
    seed: flags.seed ?? 0,
  };
}

/** Consecutive windows of one row are a single pointer where the preset has one. */
function samplingOf(
  flags: RecipeFlags,
  batch: number,
  streams: number,
): 'pointer' | 'consecutive' | 'random' {
  const { sampling } = presetOf(flags).train;
  if (flags.sampling === 'random' || (flags.sampling === undefined && sampling === 'random')) return 'random';
  return sampling === 'pointer' && batch === 1 && streams === 1 ? 'pointer' : 'consecutive';
}

function optimizerOf(flags: RecipeFlags): OptimizerSpec {
  const { kind, options } = presetOf(flags).train.optimizer;
  const chosen = flags.optimizer ?? kind;
  return optimizerFromJSON({
    kind: chosen,
    options: { ...(chosen === kind ? options : {}), ...given({ rate: flags.rate }) },
  });
}

function clipOf(flags: RecipeFlags): { norm?: number; value?: number } {
  const clip = { ...presetOf(flags).train.clip, ...given({ norm: flags.clipNorm, value: flags.clipValue }) };
  return Object.fromEntries(Object.entries(clip).filter(([, limit]) => limit !== 0));
}

/** @param steps length of the run, over which the cosine goes down */
export function scheduleOf(flags: RecipeFlags, steps: number): RateSchedule {
  const decays = flags.rateDecay !== undefined || flags.rateDecayAfter !== undefined;
  const preset = presetOf(flags).train.schedule;
  const kind = flags.schedule ?? (decays ? 'step' : (preset?.kind ?? 'constant'));
  if (decays && kind !== 'step')
    throw new UsageError(
      `--rate-decay and --rate-decay-after belong to --schedule step, not to --schedule ${kind}.`,
    );
  const warmup = given({ warmup: flags.warmup });
  if (flags.rateFloor !== undefined && kind !== 'cosine')
    throw new UsageError(`--rate-floor belongs to --schedule cosine, not to --schedule ${kind}.`);
  if (kind === 'cosine') return cosineDecay({ steps, ...given({ floor: flags.rateFloor }), ...warmup });
  const decay = {
    ...(preset ? { decay: preset.decay, after: preset.after } : {}),
    ...given({ decay: flags.rateDecay, after: flags.rateDecayAfter }),
  };
  return kind === 'step' ? stepDecay({ ...decay, ...warmup }) : constantRate(warmup);
}

/** Share of the text that is held back. */
export function validationOf(flags: RecipeFlags & { readonly validation?: number }): number {
  return isTaskRun(flags) ? 0 : (flags.validation ?? presetOf(flags).validation ?? 0);
}
