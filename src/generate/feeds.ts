import { DataError } from '../core/errors.js';
import { NO_FORCED_ID } from '../core/generation-constants.js';
import type { Feeds } from '../plan/device.js';
import {
  CONTROL,
  FORCED,
  LIMITS,
  TEMPERATURE,
  spreadName,
  spreadRows,
  type Kept,
  type Rows,
} from './graphs.js';
import type { SampleMethod } from './methods.js';
import type { Conditions, GenerativeModel } from './model.js';
import { LARGEST_LONGEST, type GenerationPlan } from './options.js';

/** A group of conditions, prepared for the graphs. */
export interface Prepared {
  /** Number of the group, from 0. Each group draws random numbers of its own. */
  readonly group: number;
  readonly rows: Rows;
  readonly kept: Kept;
  readonly conditions: Conditions;
  /** Ids that each row is forced to choose in its first steps. */
  readonly forced: readonly (readonly number[])[];
}

/** Ids that row n reads before its first choice, at least one. */
export function startOf(model: GenerativeModel, { start }: Conditions, n: number): ArrayLike<number> {
  if (start) return start[n];
  const { begin } = model.written;
  if (begin === undefined)
    throw new DataError(
      `The ${model.kind} has no begin symbol to start a sequence from: make its tokenizer with one.`,
    );
  return [begin];
}

/** For each row, the number of steps that only read its start. */
export function warmUpOf(model: GenerativeModel, { conditions, rows }: Prepared): number[] {
  return Array.from({ length: rows.sizes.N }, (_, n) => startOf(model, conditions, n).length - 1);
}

/** The feeds of `beginGraph`. */
export function beginFeeds({ rows, kept, conditions }: Prepared): Feeds {
  const { sizes, width } = rows;
  const heights = Object.values({ ...kept.states, ...kept.memory }).map((shape) =>
    shape.length === 2 ? 1 : shape[0],
  );
  return {
    ...conditions.arrays,
    ...Object.fromEntries(heights.map((P) => [spreadName(P), spreadRows(P, sizes.N, width)])),
  };
}

/**
 * Whether samples are drawn from a nucleus (`topP` below 1), so that the step has the op nucleus.
 */
export function isNucleus({ method }: GenerationPlan): boolean {
  return method.kind === 'sample' && (method.temperature ?? 1) > 0 && (method.topP ?? 1) < 1;
}

/** A function that returns the feeds of a step, by its number. */
export function stepFeeds(
  model: GenerativeModel,
  prepared: Prepared,
  plan: GenerationPlan,
): (step: number) => Feeds {
  const { forced, rows, group } = prepared;
  const { method, width } = plan;
  const drawn: Omit<SampleMethod, 'kind'> = method.kind === 'sample' ? method : { temperature: 0 };
  const { temperature = 1, topK = 0, topP = 1, seed = 0 } = drawn;
  const k = Math.min(topK, model.written.size);
  // The first step in which a row draws uses the first random number of the seed.
  const first = Math.min(...forced.map(({ length }) => length));
  const forcedAt = (step: number, repeats: number): Uint32Array =>
    Uint32Array.from(
      { length: rows.sizes.N * repeats },
      (_, r) => forced[Math.floor(r / repeats)][step] ?? NO_FORCED_ID,
    );
  if (method.kind === 'beam') return (step) => ({ [FORCED]: forcedAt(step, 1) });
  return (step) => ({
    [FORCED]: forcedAt(step, width),
    [CONTROL]: Uint32Array.of(NO_FORCED_ID, group * LARGEST_LONGEST + Math.max(0, step - first), seed, k),
    [TEMPERATURE]: Float32Array.of(temperature),
    ...(isNucleus(plan) ? { [LIMITS]: Float32Array.of(temperature, k, topP) } : {}),
  });
}
