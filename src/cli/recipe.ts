import {
  constantRate,
  cosineDecay,
  optimizerFromJSON,
  PRESETS,
  stepDecay,
  type CharModelOptions,
  type Corpus,
  type OptimizerSpec,
  type Preset,
  type PresetName,
  type RateSchedule,
  type TrainerOptions,
} from '../node.js';
import { UsageError } from './failure.js';
import type { RecipeFlags } from './options.js';
import type { StartingWeights } from './weights.js';

/** Recipe without --preset. */
export const DEFAULT_PRESET: PresetName = 'min-char-rnn';

/** The preset that the options start from. */
export function presetOf(flags: RecipeFlags): Preset {
  return PRESETS[flags.preset ?? DEFAULT_PRESET];
}

/** An object without its undefined entries, so that defaults apply. */
export function given<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** The model: options win over given weights, and these over the preset. */
export function modelOptions(flags: RecipeFlags, weights: StartingWeights | undefined): Omit<CharModelOptions, 'vocabulary'> {
  const { cell, nonlinearity, hidden, layers } = flags;
  const init = flags.initStd === undefined ? undefined : ({ kind: 'normal', deviation: flags.initStd } as const);
  return { ...presetOf(flags).model, ...weights?.model, ...given({ cell, nonlinearity, hidden, layers, init }) };
}

/** How one step trains, without the schedule. */
export function trainerOptions(flags: RecipeFlags, streams: Corpus['streams']): Omit<TrainerOptions, 'device' | 'schedule'> {
  const { train } = presetOf(flags);
  const batch = flags.batch ?? (streams > 1 ? streams : train.batch);
  return {
    batch,
    time: flags.time ?? train.time,
    sampling: samplingOf(flags, batch, streams),
    optimizer: optimizerOf(flags),
    clip: clipOf(flags),
    loss: flags.loss ?? train.loss,
    report: flags.loss ?? train.report,
    seed: flags.seed ?? 0,
  };
}

/** Consecutive windows of one row are a single pointer where the preset has one. */
function samplingOf(flags: RecipeFlags, batch: number, streams: number): 'pointer' | 'consecutive' | 'random' {
  const { sampling } = presetOf(flags).train;
  if (flags.sampling === 'random' || (flags.sampling === undefined && sampling === 'random')) return 'random';
  return sampling === 'pointer' && batch === 1 && streams === 1 ? 'pointer' : 'consecutive';
}

function optimizerOf(flags: RecipeFlags): OptimizerSpec {
  const { kind, options } = presetOf(flags).train.optimizer;
  const chosen = flags.optimizer ?? kind;
  return optimizerFromJSON({ kind: chosen, options: { ...(chosen === kind ? options : {}), ...given({ rate: flags.rate }) } });
}

function clipOf(flags: RecipeFlags): { norm?: number; value?: number } {
  const clip = { ...presetOf(flags).train.clip, ...given({ norm: flags.clipNorm, value: flags.clipValue }) };
  return Object.fromEntries(Object.entries(clip).filter(([, limit]) => limit !== 0));
}

/** @param steps length of the run, over which the cosine goes down */
export function scheduleOf(flags: RecipeFlags, steps: number): RateSchedule {
  const decays = flags.rateDecay !== undefined || flags.rateDecayAfter !== undefined;
  const kind = flags.schedule ?? (decays ? 'step' : 'constant');
  if (decays && kind !== 'step') throw new UsageError(`--rate-decay and --rate-decay-after belong to --schedule step, not to --schedule ${kind}.`);
  const warmup = given({ warmup: flags.warmup });
  if (kind === 'cosine') return cosineDecay({ steps, ...warmup });
  return kind === 'step' ? stepDecay({ ...given({ decay: flags.rateDecay, after: flags.rateDecayAfter }), ...warmup }) : constantRate(warmup);
}
