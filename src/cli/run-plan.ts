import type { RateSchedule } from '../node.js';
import { given, rateAt, type Material } from '../graph.js';
import { UsageError } from './failure.js';
import type { BackendName, RunFlags, TrainFlags } from './options.js';
import { presetOf } from './recipe.js';
import { DEFAULT_LIMIT } from './divergence.js';
import type { TaskSource } from './tasks.js';
import type { Fingerprint, TextSource } from './texts.js';

/** Length of a run, and what happens on the way: plain data that a checkpoint remembers. */
export interface RunPlan {
  /** Number of the last step. */
  readonly steps: number;
  readonly logEvery: number;
  /** 0: no samples. */
  readonly sampleEvery: number;
  readonly sampleLength: number;
  readonly temperature: number;
  /** One sample for each; none: one sample without a prime. */
  readonly primes: readonly string[];
  /** 0: only at the end. */
  readonly checkpointEvery: number;
  readonly evalEvery: number;
  /** 0: never stops early. */
  readonly patience: number;
  /** Whether reports come with norms of dL/dh_t. */
  readonly gradientFlow: boolean;
  /** Updates in a row without a finite gradient after which the run stops; 0: it never does. */
  readonly maxSkipped: number;
}

/** What a checkpoint of the command remembers beside the training itself. */
export interface Remembered {
  readonly text: TextSource | TaskSource;
  /** Of a text. */
  readonly fingerprint?: Fingerprint;
  /** Share of the text that is held back; 0: none. */
  readonly validation: number;
  readonly validationLosses: readonly number[];
  readonly plan: RunPlan;
  readonly backend: Exclude<BackendName, 'auto'>;
  readonly adapter: string;
  /** Name of the file of --out, which the name of the best checkpoint follows from. */
  readonly name: string;
}

/** Steps of a run whose preset does not say. */
const DEFAULT_STEPS = 10_000;

/** The plan of a new run. @param show of the recipe */
export async function planOf(
  flags: TrainFlags,
  { opening, evalEvery }: Pick<Material, 'opening' | 'evalEvery'>,
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
    // The likeliest continuation of nothing is always the same: the text's own beginning makes a
    // prime.
    primes: flags.prime ?? (temperature === 0 && opening ? [await opening(4)] : []),
    checkpointEvery: flags.checkpointEvery ?? 1000,
    evalEvery: flags.evalEvery ?? Math.min(evalEvery, steps),
    patience: flags.patience ?? 0,
    gradientFlow: flags.gradientFlow ?? false,
    maxSkipped: flags.maxSkipped ?? DEFAULT_LIMIT,
  };
}

/**
 * A plan for a run of `done` steps whose checkpoint has none: what `train` does by default, to the
 * end of a cosine, or else for as many steps more as a new run has.
 */
export function planFrom(
  done: number,
  flags: RunFlags,
  material: Pick<Material, 'opening' | 'evalEvery'>,
  windowsPerEpoch: number,
  schedule: RateSchedule,
): Promise<RunPlan> {
  const planned = schedule.kind === 'cosine' ? schedule.steps : 0;
  const steps = planned > done ? planned : done + DEFAULT_STEPS;
  return planOf(given({ ...flags, steps, epochs: undefined }), material, windowsPerEpoch);
}

/** What a run that goes on may change. */
export type ResumeRunFlags = RunFlags & { readonly more?: number };

/**
 * The plan of a run that goes on: options win over what it was. `--steps` is the number of the last
 * step, `--more` counts from here.
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
        ? `${complete} Go on with --more N, or with --steps and a total above ${done}.`
        : `${complete} Its learning rate has decayed to 0, so more steps would teach it nothing: start a ` +
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
