import { OptionError } from '../core/errors.js';
import { numberWithin, oneOf, onlyKnown, wholeNumber } from '../core/options.js';

/** How the learning rate changes while training: plain data, as checkpoints hold it. */
export type RateSchedule = Readonly<
  | { kind: 'constant'; warmup: number }
  /**
   * The rate is multiplied by `decay` at the end of every epoch from the `after`th on, as char-rnn
   * does.
   */
  | { kind: 'step'; decay: number; after: number; warmup: number }
  /**
   * Half a cosine from the base rate down to `floor` times it in step `steps`, and so from there
   * (Loshchilov and Hutter, 2017, without restarts).
   */
  | { kind: 'cosine'; steps: number; floor: number; warmup: number }
>;

export const SCHEDULE_KINDS = ['constant', 'step', 'cosine'] as const;

/** Before any schedule: the rate rises in a straight line and is whole in step `warmup`. */
export interface WarmupOptions {
  /** Number of steps, from 0. Default 0: none. */
  readonly warmup?: number;
}

export interface StepDecayOptions extends WarmupOptions {
  /** Factor per epoch, from 0 to 1. Default 0.97. */
  readonly decay?: number;
  /** Number of epochs with the whole rate. Default 10. */
  readonly after?: number;
}

export interface CosineOptions extends WarmupOptions {
  /** Step in which the floor is reached; above 1 and above `warmup`. */
  readonly steps: number;
  /** Share of the base rate that remains, from 0 to 1. Default 0. */
  readonly floor?: number;
}

/** The base rate in every step. @throws OptionError naming the option */
export function constantRate(options: WarmupOptions = {}): RateSchedule {
  onlyKnown('constant', options, ['warmup']);
  return { kind: 'constant', warmup: warmupOf('constant', options) };
}

/**
 * The whole rate in the first `after` epochs, then rate · decay, rate · decay² and so on, epoch by
 * epoch.
 * @throws OptionError naming the option
 */
export function stepDecay(options: StepDecayOptions = {}): RateSchedule {
  onlyKnown('step', options, ['decay', 'after', 'warmup']);
  const { decay = 0.97, after = 10 } = options;
  return {
    kind: 'step',
    decay: numberWithin('step.decay', decay, 0, 1),
    after: wholeNumber('step.after', after, 1),
    warmup: warmupOf('step', options),
  };
}

/**
 * rate · (floor + (1 − floor)·(1 + cos πp)/2), where p runs from 0 in the first step with the whole
 * rate to 1 in step `steps`.
 * @throws OptionError naming the option
 */
export function cosineDecay(options: CosineOptions): RateSchedule {
  onlyKnown('cosine', options, ['steps', 'floor', 'warmup']);
  const warmup = warmupOf('cosine', options);
  const { steps, floor = 0 } = options;
  return {
    kind: 'cosine',
    steps: wholeNumber('cosine.steps', steps, Math.max(1, warmup) + 1),
    floor: numberWithin('cosine.floor', floor, 0, 1),
    warmup,
  };
}

/**
 * A schedule for a run of another length: a cosine then reaches its floor in step `steps`. Others
 * depend on no length and stay as they are. A run that is continued beyond its planned end needs
 * it, since a cosine that is over stays at its floor.
 * @throws OptionError where the run is too short for the warm-up
 */
export function scheduleOfLength(schedule: RateSchedule, steps: number): RateSchedule {
  if (schedule.kind !== 'cosine') return schedule;
  const { floor, warmup } = schedule;
  return cosineDecay({ steps, floor, warmup });
}

/**
 * The learning rate of one step.
 * @param step number of the step, the first being 1
 * @param epoch number of the epoch that the step belongs to, the first being 0
 * @param base the optimizer's rate
 */
export function rateAt(schedule: RateSchedule, step: number, epoch: number, base: number): number {
  const rise = step < schedule.warmup ? step / schedule.warmup : 1;
  return base * rise * shareAt(schedule, step, epoch);
}

/**
 * Makes a schedule from what a checkpoint or a settings file holds.
 * @throws OptionError naming what is wrong
 */
export function scheduleFromJSON(value: unknown): RateSchedule {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new OptionError('schedule', value, 'an object with a kind');
  const { kind, ...options } = value as { kind?: unknown } & Record<string, unknown>;
  const make: Record<(typeof SCHEDULE_KINDS)[number], (options: never) => RateSchedule> = {
    constant: constantRate,
    step: stepDecay,
    cosine: cosineDecay,
  };
  return make[oneOf('schedule.kind', kind, SCHEDULE_KINDS)](options as never);
}

function shareAt(schedule: RateSchedule, step: number, epoch: number): number {
  if (schedule.kind === 'step') return schedule.decay ** Math.max(0, epoch + 1 - schedule.after);
  if (schedule.kind === 'constant') return 1;
  const { steps, floor, warmup } = schedule;
  const first = Math.max(1, warmup);
  const progress = Math.min(1, Math.max(0, (step - first) / (steps - first)));
  return floor + ((1 - floor) * (1 + Math.cos(Math.PI * progress))) / 2;
}

function warmupOf(kind: string, { warmup = 0 }: WarmupOptions): number {
  return wholeNumber(`${kind}.warmup`, warmup, 0);
}
