import type { RateSchedule } from '../node.js';
import { given, rateAt, type TrainingData } from '../graph.js';
import { UsageError } from './failure.js';
import type { BackendName, RunFlags, TrainFlags } from './options.js';
import { presetOf } from './recipe.js';
import { DEFAULT_LIMIT } from './divergence.js';
import type { TaskSource } from './made-up-task.js';
import type { Fingerprint, TextSource } from './text-source.js';

/** Length of a run, and its samples, checkpoints and validations: plain data in the checkpoint. */
export interface RunPlan {
  /** Number of the last step. */
  readonly steps: number;
  readonly logEvery: number;
  /** 0: no samples. */
  readonly sampleEvery: number;
  readonly sampleLength: number;
  readonly temperature: number;
  /** One sample for each prime; without primes, one sample that starts from nothing. */
  readonly primes: readonly string[];
  /** 0: only at the end. */
  readonly checkpointEvery: number;
  readonly evalEvery: number;
  /** 0: never stops early. */
  readonly patience: number;
  /** Whether reports contain norms of dL/dh_t. */
  readonly gradientFlow: boolean;
  /** Consecutive updates without a finite gradient after which the run stops; 0: never. */
  readonly maxSkipped: number;
}

/** Data that a checkpoint of the command stores beside the training state. */
export interface StoredRun {
  readonly text: TextSource | TaskSource;
  /** Of a text. */
  readonly fingerprint?: Fingerprint;
  /** Share of the text that is held out; 0: none. */
  readonly validation: number;
  readonly validationLosses: readonly number[];
  readonly plan: RunPlan;
  readonly backend: Exclude<BackendName, 'auto'>;
  readonly adapter: string;
  /** File name of --out, from which the name of the best checkpoint follows. */
  readonly name: string;
}

/** Steps of a run whose preset sets no number. */
const DEFAULT_STEPS = 10_000;

/** The plan of a new run. @param show samples of the recipe */
export async function planOf(
  flags: TrainFlags,
  { opening, evalEvery }: Pick<TrainingData, 'opening' | 'evalEvery'>,
  windowsPerEpoch: number,
  show = presetOf(flags).show,
): Promise<RunPlan> {
  const epochs = flags.epochs ?? (flags.steps === undefined ? show.epochs : undefined);
  const length = Math.min(
    flags.steps ?? Infinity,
    epochs === undefined ? Infinity : epochs * windowsPerEpoch,
  );
  const steps = length === Infinity ? DEFAULT_STEPS : length;
  const temperature = flags.temperature ?? show.sample.temperature;
  return {
    steps,
    logEvery: flags.logEvery ?? ('epochs' in show.every ? windowsPerEpoch : 100),
    sampleEvery: opening
      ? (flags.sampleEvery ??
        ('epochs' in show.every ? show.every.epochs * windowsPerEpoch : show.every.steps))
      : 0,
    sampleLength: flags.sampleLength ?? show.sample.length,
    temperature,
    // Without a prime, greedy samples would all be the same: the beginning of the text is the prime.
    primes: flags.prime ?? (temperature === 0 && opening ? [await opening(4)] : []),
    checkpointEvery: flags.checkpointEvery ?? 1000,
    evalEvery: flags.evalEvery ?? Math.min(evalEvery, steps),
    patience: flags.patience ?? 0,
    gradientFlow: flags.gradientFlow ?? false,
    maxSkipped: flags.maxSkipped ?? DEFAULT_LIMIT,
  };
}

/**
 * A plan for a run of `done` steps whose checkpoint has none: the defaults of `train`, to the end of
 * a cosine, or for as many more steps as a new run has.
 */
export function planFrom(
  done: number,
  flags: RunFlags,
  trainingData: Pick<TrainingData, 'opening' | 'evalEvery'>,
  windowsPerEpoch: number,
  schedule: RateSchedule,
): Promise<RunPlan> {
  const planned = schedule.kind === 'cosine' ? schedule.steps : 0;
  const steps = planned > done ? planned : done + DEFAULT_STEPS;
  return planOf(given({ ...flags, steps, epochs: undefined }), trainingData, windowsPerEpoch);
}

/** Options of a resumed run that change its plan. */
export type ResumeRunFlags = RunFlags & { readonly more?: number };

/**
 * The plan of a resumed run. Options take precedence over the former plan. `--steps` is the number of
 * the last step; `--more` counts from the present one.
 */
export function planAgain(
  before: RunPlan,
  flags: ResumeRunFlags,
  done: number,
  windowsPerEpoch: number,
  schedule: RateSchedule,
): RunPlan {
  const {
    logEvery,
    sampleEvery,
    sampleLength,
    temperature,
    checkpointEvery,
    evalEvery,
    patience,
    gradientFlow,
    maxSkipped,
  } = flags;
  const targets = [
    flags.steps,
    flags.epochs === undefined ? undefined : flags.epochs * windowsPerEpoch,
  ].filter((target) => target !== undefined);
  const target = targets.length > 0 ? Math.min(...targets) : before.steps;
  const steps = flags.more === undefined ? target : done + flags.more;
  if (steps <= done) {
    const complete = `This run is complete: it has done ${done} of ${steps} steps.`;
    const learns =
      schedule.kind !== 'step' || rateAt(schedule, done + 1, Math.floor(done / windowsPerEpoch), 1) > 0;
    throw new UsageError(
      learns
        ? `${complete} Continue it with --more N, or with --steps and a total above ${done}.`
        : `${complete} Its learning rate has decayed to 0, so more steps would change nothing: start a ` +
            'new run from its weights with train --init-from.',
    );
  }
  return {
    ...before,
    ...given({
      logEvery,
      sampleEvery,
      sampleLength,
      temperature,
      checkpointEvery,
      evalEvery,
      patience,
      gradientFlow,
      maxSkipped,
      primes: flags.prime,
    }),
    steps,
  };
}
