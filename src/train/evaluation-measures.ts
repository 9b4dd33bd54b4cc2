import { DataError, describe, ShapeError } from '../core/errors.js';

/** Perplexity of a mean loss in nats, exp(loss): V for guessing among V equally likely symbols. */
export function perplexityOf(meanLoss: number): number {
  return Math.exp(meanLoss);
}

/** A mean loss in nats, converted to bits per target. */
export function bitsOf(meanLoss: number): number {
  return meanLoss / Math.LN2;
}

/** Numbers by row and column, such as how often label i was predicted as label j. */
export type Table = readonly (readonly number[])[];

/** Loss of a whole evaluation. */
export interface Evaluated {
  /** Mean loss of the targets. */
  readonly loss: number;
  /** Number of targets that have a loss. */
  readonly count: number;
}

/**
 * One measure of a batch: sums, which evaluations add up over all batches, and a function that
 * computes the result from the totals. So a measure can be a root mean square, a ratio or a table.
 */
export interface Measure {
  readonly sums: readonly number[];
  /** Computes the result. @param sums the sums over all batches */
  result(sums: readonly number[], evaluated: Evaluated): number | Table;
}

/** Measures of a batch by name. A number is a sum; the result is the total divided by the count. */
export type BatchMeasures = Readonly<Record<string, number | Measure>>;

/** The measures of an evaluation by name. */
export interface MeasureResults {
  readonly measures: Readonly<Record<string, number>>;
  readonly tables: Readonly<Record<string, Table>>;
}

/** Adds up the measures of batches. */
export class MeasureTotals {
  readonly #totals = new Map<string, { readonly sums: number[]; readonly result: Measure['result'] }>();

  /**
   * @throws DataError for a value that is no measure, ShapeError for another number of sums than
   *   before
   */
  add(measures: BatchMeasures): void {
    for (const [name, given] of Object.entries(measures)) {
      const measure = typeof given === 'number' ? meanPerTarget(given) : given;
      if (!Array.isArray((measure as Partial<Measure> | undefined)?.sums))
        throw new DataError(
          `The measure "${name}" must be a number, or { sums, result }, but ${describe(given)} came.`,
        );
      const total = this.#totals.get(name);
      if (total && total.sums.length !== measure.sums.length)
        throw new ShapeError(
          `The measure "${name}" has ${measure.sums.length} sums, but it had ${total.sums.length} in an ` +
            'earlier batch.',
        );
      const sums = measure.sums.map((sum, i) => sum + (total?.sums[i] ?? 0));
      this.#totals.set(name, { sums, result: (all, evaluated) => measure.result(all, evaluated) });
    }
  }

  results(evaluated: Evaluated): MeasureResults {
    const measures: Record<string, number> = {};
    const tables: Record<string, Table> = {};
    for (const [name, { sums, result }] of this.#totals) {
      const value = result(sums, evaluated);
      if (typeof value === 'number') measures[name] = value;
      else tables[name] = value;
    }
    return { measures, tables };
  }
}

function meanPerTarget(sum: number): Measure {
  return { sums: [sum], result: ([total], { count }) => total / count };
}
