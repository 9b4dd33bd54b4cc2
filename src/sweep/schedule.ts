import type { History, TrialRecord } from './history.js';
import type { Objective } from './objective.js';
import { rungStep, survivors, type HalvingRule } from './stop-rules.js';

/** A trial to run next. */
export interface Task {
  readonly number: number;
  /** The trial pauses at its first value of the objective from this step on. */
  readonly until: number | undefined;
}

/** What to do next. */
export type Next =
  | { readonly kind: 'run'; readonly task: Task }
  /** Stop these trials for good. */
  | { readonly kind: 'prune'; readonly trials: readonly TrialRecord[] }
  /** Wait until a running trial ends. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'done' };

/** Decides which trial runs next. */
export interface Schedule {
  /** @param running number of running trials */
  next(running: number): Next;
  /** Runs a lost trial again. */
  again(task: Task): void;
}

/** Runs all trials to their end: first those that an earlier coordinator left, then new ones. */
export class ToTheEnd implements Schedule {
  readonly #left: number[];

  constructor(
    readonly history: History,
    readonly total: number,
  ) {
    this.#left = history.trials.filter(({ state }) => state === 'running').map(({ number }) => number);
  }

  next(running: number): Next {
    const number = this.#left.shift() ?? this.history.trials.length;
    if (number < Math.max(this.total, this.history.trials.length))
      return { kind: 'run', task: { number, until: undefined } };
    return { kind: running > 0 ? 'wait' : 'done' };
  }

  again({ number }: Task): void {
    this.#left.unshift(number);
  }
}

/**
 * Successive halving. A rung is decided after all its trials have reached it, so their order has no
 * influence. The decision follows from the record alone: one that a killed coordinator began is
 * completed in the same way.
 */
export class Halving implements Schedule {
  #members: readonly number[];
  #queue: number[];
  #rung = 0;

  constructor(
    readonly history: History,
    total: number,
    readonly rule: HalvingRule,
    readonly objective: Objective,
  ) {
    this.#members = Array.from({ length: total }, (_, number) => number);
    this.#queue = this.#pending();
  }

  next(running: number): Next {
    for (;;) {
      const number = this.#queue.shift();
      if (number !== undefined) return { kind: 'run', task: { number, until: this.#until() } };
      if (running > 0) return { kind: 'wait' };
      this.#queue = this.#pending();
      if (this.#queue.length > 0) continue;
      if (this.#until() === undefined) return { kind: 'done' };
      const out = this.#decide();
      if (out.length > 0) return { kind: 'prune', trials: out };
    }
  }

  again({ number }: Task): void {
    this.#queue.unshift(number);
  }

  /** The last trial has nothing to wait for. */
  #until(): number | undefined {
    return this.#rung > 0 && this.#members.length <= 1 ? undefined : rungStep(this.rule, this.#rung);
  }

  /** Members that have neither ended nor reached the rung. */
  #pending(): number[] {
    const { trials } = this.history;
    const until = this.#until();
    return this.#members.filter((number) => {
      const trial = trials.at(number);
      if (trial === undefined) return true;
      return trial.state === 'running' && (until === undefined || valueFrom(trial, until) === undefined);
    });
  }

  /** Goes to the next rung. @returns the trials to stop that still wait */
  #decide(): readonly TrialRecord[] {
    const step = rungStep(this.rule, this.#rung);
    const reached = this.#members
      .map((number) => this.history.trials[number])
      .filter((trial) => valueFrom(trial, step) !== undefined);
    const kept = survivors(this.rule, this.objective, reached, (trial) => valueFrom(trial, step) ?? NaN);
    this.#members = kept.filter(({ state }) => state === 'running').map(({ number }) => number);
    this.#rung++;
    this.#queue = this.#pending();
    return reached.filter((trial) => trial.state === 'running' && !kept.includes(trial));
  }
}

/** Returns the first value of the objective from a step on. */
export function valueFrom({ values }: TrialRecord, step: number): number | undefined {
  for (const [at, value] of values) if (at >= step) return value;
  return undefined;
}
