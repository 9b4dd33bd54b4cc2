import { OptionError } from '../core/errors.js';
import { numberWithin, oneOf, onlyKnown, wholeNumber } from '../core/options.js';

/** How the learning rate changes during training, as plain data. */
export type RateSchedule = Readonly<
  | { kind: 'constant'; warmup: number }
  /** The rate is multiplied by `decay` after each epoch from number `after` on, as in char-rnn. */
  | { kind: 'step'; decay: number; after: number; warmup: number }
  /**
   * Half a cosine from the base rate to `floor` · base rate in step `steps`; then it is constant
   * (Loshchilov and Hutter, 2017, without restarts).
   */
  | { kind: 'cosine'; steps: number; floor: number; warmup: number }
>;

export const SCHEDULE_KINDS = ['constant', 'step', 'cosine'] as const;

/** Linear warm-up, with any schedule: the rate rises from 0 to its full value in step `warmup`. */
export interface WarmupOptions {
  /** Number of steps, from 0. Default 0: none. */
  readonly warmup?: number;
}

/** Options of `stepDecay`. */
export interface StepDecayOptions extends WarmupOptions {
  /** Factor per epoch, from 0 to 1. Default 0.97. */
  readonly decay?: number;
  /** Number of epochs with the full rate. Default 10. */
  readonly after?: number;
}

/** Options of `cosineDecay`. */
export interface CosineOptions extends WarmupOptions {
  /** Step that reaches the floor; above 1 and above `warmup`. */
  readonly steps: number;
  /** Share of the base rate that remains, from 0 to 1. Default 0. */
  readonly floor?: number;
}

/** The base rate in every step. @throws OptionError that names the option */
export function constantRate(options: WarmupOptions = {}): RateSchedule {
  onlyKnown('constant', options, ['warmup']);
  return { kind: 'constant', warmup: warmupOf('constant', options) };
}

/**
 * The full rate in the first `after` epochs, then rate · decay, rate · decay² and so on, epoch by
 * epoch.
 * @throws OptionError that names the option
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
 * rate · (floor + (1 − floor)·(1 + cos πp)/2), where p rises from 0 in the first step with the full
 * rate to 1 in step `steps`.
 * @throws OptionError that names the option
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
 * The schedule for a run of another length: a cosine then reaches its floor in step `steps`. Other
 * schedules do not depend on the length and are returned unchanged. Use it to continue a run beyond
 * its planned end, where a cosine would stay at its floor.
 * @throws OptionError where `steps` is not above the warm-up
 */
export function scheduleOfLength(schedule: RateSchedule, steps: number): RateSchedule {
  if (schedule.kind !== 'cosine') return schedule;
  const { floor, warmup } = schedule;
  return cosineDecay({ steps, floor, warmup });
}

/**
 * The learning rate of one step.
 * @param step number of the step, from 1
 * @param epoch number of the epoch that the step belongs to, from 0
 * @param base rate of the optimizer
 */
export function rateAt(schedule: RateSchedule, step: number, epoch: number, base: number): number {
  const rise = step < schedule.warmup ? step / schedule.warmup : 1;
  return base * rise * shareAt(schedule, step, epoch);
}

/**
 * Makes a schedule from plain data, such as in a checkpoint.
 * @throws OptionError that names the wrong value
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
