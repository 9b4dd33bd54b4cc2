import { OptionError } from '../core/errors.js';
import { numberAbove, oneOf, onlyKnown, wholeNumber } from '../core/options.js';
import { medianOf } from './importance.js';
import { isBetter, type Objective } from './objective.js';

/** Decides which trials are stopped early. */
export type StopRule = MedianRule | HalvingRule;

/**
 * Stops a trial whose best value so far is worse than the median of finished trials' values at the
 * same step, like Optuna's MedianPruner.
 */
export interface MedianRule {
  readonly rule: 'median';
  /** No trial is stopped before this step. */
  readonly first: number;
  /** No trial is stopped before so many have finished. */
  readonly trials: number;
}

/**
 * Successive halving (Jamieson and Talwalkar, "Non-stochastic best arm identification and
 * hyperparameter optimization", AISTATS 2016): all trials pause at step `first`. The best of them,
 * one in `factor`, continue from their checkpoints to step `first` · `factor`, and so on.
 */
export interface HalvingRule {
  readonly rule: 'halving';
  readonly first: number;
  readonly factor: number;
}

/**
 * Reads `{ rule: 'median', first, trials }` or `{ rule: 'halving', first, factor }`. @throws
 * OptionError
 */
export function readStopRule(given: unknown): StopRule | undefined {
  if (given === undefined) return undefined;
  onlyKnown('stop', given, ['rule', 'first', 'trials', 'factor']);
  const { rule, first, trials, factor } = given as Readonly<Record<string, unknown>>;
  if (oneOf('stop.rule', rule, ['median', 'halving']) === 'median') {
    if (factor !== undefined) throw new OptionError('stop.factor', factor, 'nothing with rule median');
    return {
      rule: 'median',
      first: wholeNumber('stop.first', first ?? 1),
      trials: wholeNumber('stop.trials', trials ?? 5),
    };
  }
  if (trials !== undefined) throw new OptionError('stop.trials', trials, 'nothing with rule halving');
  return {
    rule: 'halving',
    first: wholeNumber('stop.first', first),
    factor: numberAbove('stop.factor', factor ?? 3, 1),
  };
}

/** Returns the step of the n-th pause, counted from 0. */
export function rungStep({ first, factor }: HalvingRule, rung: number): number {
  return Math.round(first * factor ** rung);
}

/**
 * Returns the trials that continue from a rung, best first. Of equal trials the earlier continues.
 */
export function survivors<T extends { readonly number: number }>(
  { factor }: HalvingRule,
  objective: Objective,
  reached: readonly T[],
  valueOf: (trial: T) => number,
): readonly T[] {
  const keep = Math.ceil(reached.length / factor);
  return [...reached]
    .sort((a, b) => {
      const [x, y] = [valueOf(a), valueOf(b)];
      if (isBetter(objective, x, y)) return -1;
      return isBetter(objective, y, x) ? 1 : a.number - b.number;
    })
    .slice(0, keep);
}

/** The values of finished trials by step. */
export class Medians {
  readonly #values = new Map<number, number[]>();
  #finished = 0;

  constructor(
    readonly rule: MedianRule,
    readonly objective: Objective,
  ) {}

  /** @param values of a finished trial, by step */
  add(values: ReadonlyMap<number, number>): void {
    this.#finished++;
    for (const [step, value] of values)
      if (!Number.isNaN(value)) this.#values.set(step, [...(this.#values.get(step) ?? []), value]);
  }

  /** Whether to stop a trial. @param values its own so far, the last one of `step` */
  stops(step: number, values: ReadonlyMap<number, number>): boolean {
    const { rule, objective } = this;
    const others = this.#values.get(step);
    if (step < rule.first || this.#finished < rule.trials || others === undefined) return false;
    const best = [...values.values()].reduce((a, b) => (isBetter(objective, b, a) ? b : a), NaN);
    return isBetter(objective, medianOf(others), best);
  }
}
