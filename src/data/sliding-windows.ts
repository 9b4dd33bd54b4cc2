import { isFiniteSingle } from '../core/arrays.js';
import { DataError, describe, OptionError } from '../core/errors.js';
import { onlyKnown, wholeNumber } from '../core/options.js';
import { isListOfValues, type Column } from './column.js';
import { predictionBatches, RowSource, type PredictionBatch } from './dataset.js';
import type { EncodedRow } from './encode-records.js';
import { numbers, type StepsField, type VectorField } from './number-columns.js';
import { series } from './series-column.js';
import { checkNormalize, standardized, statsOf, type Normalize, type Stats } from './stats.js';
import { ROW_FIELD, type RowField } from './token-columns.js';

/** Options of `slidingWindows`. */
export interface SlidingWindowsOptions {
  /** T: number of input steps of a window. */
  readonly window: number;
  /** Number of steps from the last input step to the target. Default 1. */
  readonly horizon?: number;
  /** Numbers of the C input series, from 0. Default: all. */
  readonly inputs?: readonly number[];
  /** Numbers of the O series to predict, from 0. Default: all. */
  readonly target?: number | readonly number[];
  /** Number of steps from one window to the next. Default 1. */
  readonly stride?: number;
  /** `standard`: scales by the statistics of these series; or by your own. Default: no scaling. */
  readonly normalize?: Normalize;
  /** N: rows of a batch. */
  readonly batch: number;
  /** Decides the order of the windows. Default: the trainer's seed. */
  readonly seed?: number;
}

/** The fields of windows: `x` [T,N,C], `lengths` [N] (all T), `y` [N,O]. */
export interface SlidingWindowFields {
  readonly x: StepsField<'T'>;
  readonly lengths: RowField;
  readonly y: VectorField;
}

/** Windows over series as a source of batches. Make one with `slidingWindows`. */
export class SlidingWindows extends RowSource<{ [K in keyof SlidingWindowFields]: SlidingWindowFields[K] }> {
  /**
   * Statistics of all series. Pass them as `normalize` to the windows of held-out series. Without
   * scaling the means are 0 and the deviations 1.
   */
  readonly stats: Stats;
  /**
   * Statistics of the O targets. `restored(predictions, targetStats)` returns them to own units.
   */
  readonly targetStats: Stats;
  /** Statistics by field. */
  readonly scales: Readonly<Record<'x' | 'y', Stats>>;
  /**
   * Columns that read records `{ x }`, where `x` is a list of C series of equal length, unscaled.
   */
  readonly columns: readonly Column[];

  constructor(given: readonly ArrayLike<number>[], options: SlidingWindowsOptions) {
    const { normalize, batch, seed } = options;
    const window = wholeNumber('window', options.window);
    const horizon = wholeNumber('horizon', options.horizon ?? 1);
    const stride = wholeNumber('stride', options.stride ?? 1);
    const steps = interleaved(given);
    const all = given.length;
    const S = given[0].length;
    const targets = seriesOf('target', options.target, all);
    const inputs = seriesOf('inputs', options.inputs, all);
    const C = inputs.length;
    if (S < window + horizon)
      throw new DataError(
        `A series of ${S} steps is too short: window ${window} and horizon ${horizon} need at least ` +
          `${window + horizon}.`,
      );
    checkNormalize(normalize, all);
    const none = { mean: new Array<number>(all).fill(0), deviation: new Array<number>(all).fill(1) };
    const stats = normalize === 'standard' ? statsOf([steps], all) : (normalize ?? none);
    const scaled = standardized(steps, stats);
    const read = selectSeries(scaled, all, inputs);
    const rows = Array.from(
      { length: Math.floor((S - window - horizon) / stride) + 1 },
      (_, row): EncodedRow => {
        const start = row * stride;
        const at = (start + window - 1 + horizon) * all;
        const arrays = {
          x: read.subarray(start * C, (start + window) * C),
          lengths: [window],
          y: targets.map((c) => scaled[at + c]),
        };
        return { arrays, sizes: { T: window }, count: targets.length };
      },
    );
    const fields = {
      x: { dtype: 'f32', shape: ['T', 'N', C] },
      lengths: ROW_FIELD,
      y: { dtype: 'f32', shape: ['N', targets.length] },
    } as const;
    const pads = { x: 0, lengths: 1, y: 0 };
    const data = { fields, pads, rows, canFill: false, nameOf: (row: number) => `Window ${row}` };
    super(data, { batch, ...(seed === undefined ? {} : { seed }) });
    this.stats = stats;
    const statsOfSome = (some: readonly number[]): Stats => ({
      mean: some.map((c) => stats.mean[c]),
      deviation: some.map((c) => stats.deviation[c]),
    });
    this.targetStats = statsOfSome(targets);
    const inputStats = statsOfSome(inputs);
    this.scales = { x: inputStats, y: this.targetStats };
    this.columns = [
      series('x', { size: C, normalize: inputStats }),
      numbers('y', { size: targets.length, normalize: this.targetStats }),
    ];
  }

  /** Batches of records `{ x }` without targets; see `columns`. */
  predictionBatches(rows: Iterable<object>, options: { readonly batch: number }): PredictionBatch[] {
    return predictionBatches(rows, this.columns, options);
  }
}

/** `[S,C]`: the series interleaved step by step. */
function interleaved(series: readonly ArrayLike<number>[]): Float32Array {
  if (!Array.isArray(series) || series.length === 0 || !series.every(isListOfValues))
    throw new OptionError('series', series, 'a list of series, each a list of numbers');
  const lengths = (series as readonly ArrayLike<number>[]).map(({ length }) => length);
  if (lengths.some((length) => length !== lengths[0]))
    throw new DataError(
      `All series must have the same number of steps, but they have ${lengths.join(', ')}.`,
    );
  const C = series.length;
  const steps = new Float32Array(lengths[0] * C);
  for (const [c, values] of (series as readonly ArrayLike<number>[]).entries())
    for (let s = 0; s < values.length; s++) {
      if (!isFiniteSingle(values[s]))
        throw new DataError(
          `Step ${s} of series ${c} is ${describe(values[s])}: expected a finite number up to 3.4e38.`,
        );
      steps[s * C + c] = values[s];
    }
  return steps;
}

/** `[S,C]`: the series with the numbers `some` out of the `all` interleaved series `steps`. */
function selectSeries(steps: Float32Array, all: number, some: readonly number[]): Float32Array {
  if (some.length === all && some.every((c, i) => c === i)) return steps;
  const C = some.length;
  return Float32Array.from(
    { length: (steps.length / all) * C },
    (_, i) => steps[Math.floor(i / C) * all + some[i % C]],
  );
}

function seriesOf(
  option: 'inputs' | 'target',
  given: number | readonly number[] | undefined,
  all: number,
): readonly number[] {
  if (given === undefined) return Array.from({ length: all }, (_, c) => c);
  const list = typeof given === 'number' ? [given] : given;
  if (!Array.isArray(list) || list.length === 0)
    throw new OptionError(option, given, 'the number of a series, or a list of them');
  return (list as readonly number[]).map((c) => wholeNumber(option, c, 0, all - 1));
}

/**
 * Windows over series of equal length. A model reads `window` steps and predicts the value
 * `horizon` steps after the last of them.
 * @throws DataError for series that are too short, of unequal length, or not finite; OptionError
 *   for a wrong option
 */
export function slidingWindows(
  series: readonly ArrayLike<number>[],
  options: SlidingWindowsOptions,
): SlidingWindows {
  onlyKnown('slidingWindows', options, [
    'window',
    'horizon',
    'inputs',
    'target',
    'stride',
    'normalize',
    'batch',
    'seed',
  ]);
  return new SlidingWindows(series, options);
}
