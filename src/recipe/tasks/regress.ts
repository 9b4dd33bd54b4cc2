import { DataError, OptionError } from '../../core/errors.js';
import { columnFromJSON } from '../../data/column-json.js';
import { records as makeRecords, type Records } from '../../data/records.js';
import { slidingWindows, type SlidingWindows } from '../../data/sliding-windows.js';
import type { Stats } from '../../data/stats.js';
import type { PredictingModel } from '../../tasks/predicting.js';
import { regressor } from '../../tasks/regressor.js';
import type { Fields } from '../../train/batch.js';
import { given } from '../apply-changes.js';
import { DEFAULT_BATCH, ReadingRunner } from './reading.js';
import { hasLists, learnRecords, openRecords } from './regress-records.js';
import { jsonOf } from './setup.js';
import { sharedOut, splitAtRandom, type TaskKind, type TaskSetup } from './task.js';
import { entryOf } from './texts.js';

/** Default number of steps in a window. */
const WINDOW = 48;

/** Digits of a number in single precision. */
const DIGITS = 7;

/** The series to read, the series to predict, and the sizes of windows. */
interface WindowSetup {
  readonly inputs: readonly string[];
  readonly target: string;
  readonly window: number;
  readonly horizon: number;
}

/**
 * Predicts a number from steps of numbers. Either a record is a step of a series, and a value some
 * steps ahead is predicted; or each record has a list of steps and a number.
 */
export const regress: TaskKind = {
  name: 'regress',
  about: 'a number for steps of numbers, such as a value some steps ahead',
  writes: false,
  takes: ['inputs', 'target', 'window', 'horizon', 'stepSize', 'pooling'],
  without: ['embedding'],
  measures: ['mse', 'rmse', 'mae'],
  entries(options) {
    const { inputs, target } = namesOf(options);
    return { read: inputs, learnt: inputs.includes(target) ? [] : [target] };
  },
  stratum: () => undefined,

  /** Holds out the end of the series, so that windows of both parts have no step in common. */
  split(records, share, options) {
    if (hasLists(records)) return splitAtRandom(records, share, options);
    const { length } = records;
    const held = Math.max(1, Math.round(length * share));
    if (held >= length)
      throw new DataError(`A share of ${share} splits ${length} steps into ${length - held} and ${held}.`);
    const rows = [...records];
    return {
      train: makeRecords.of(rows.slice(0, length - held)),
      validation: makeRecords.of(rows.slice(length - held)),
    };
  },

  /** A series is cut into consecutive parts, so that its windows stay whole. */
  shard(records, index, count) {
    if (hasLists(records)) return sharedOut(records, index, count);
    const length = Math.floor(records.length / count);
    if (length === 0)
      throw new DataError(`A series of ${records.length} steps cannot be cut into ${count} parts.`);
    return makeRecords.of([...records].slice(index * length, (index + 1) * length));
  },

  learn({ train }, options, layers) {
    const { pooling, horizon = 1, window = WINDOW } = options;
    const { inputs, target } = namesOf(options);
    if (hasLists(train)) return learnRecords(train, { inputs, target }, options, layers);
    if (options.stepSize !== undefined)
      throw new OptionError('stepSize', options.stepSize, 'none unless every record has a list of steps');
    const setup = { inputs, target, window, horizon };
    const { columns } = windowsOf(train, setup, DEFAULT_BATCH);
    return {
      setup: { task: 'regress', columns: jsonOf(columns), options: setup },
      model: regressor({ ...layers, ...given({ pooling }), input: { features: inputs.length } }),
      warnings: [],
    };
  },

  open(setup, model) {
    const { columns, source, readable } =
      setup.options.window === undefined ? openRecords(setup) : openWindows(setup);
    const y = setup.columns[1].normalize as Stats;
    return {
      kind: regress,
      source,
      runner: (device, memory) =>
        new ReadingRunner<Float32Array>(
          {
            model: model as PredictingModel<Fields, Float32Array>,
            columns,
            source,
            readable,
            show: ([value]) => ({
              text: String(Number(value.toPrecision(DIGITS))),
              data: { prediction: value },
            }),
            // The model measures scaled numbers.
            finish: ({ loss, count, measures: { mse, rmse, mae } }) => ({
              loss,
              count,
              measures: {
                mse: mse * y.deviation[0] ** 2,
                rmse: rmse * y.deviation[0],
                mae: mae * y.deviation[0],
              },
              tables: {},
            }),
          },
          device,
          memory,
        ),
      ofLine: undefined,
    };
  },
};

/** The names of the series. @throws OptionError where they are missing */
function namesOf({ inputs, target }: TaskSetup['options']): Pick<WindowSetup, 'inputs' | 'target'> {
  if (inputs === undefined || inputs.length === 0 || new Set(inputs).size !== inputs.length)
    throw new OptionError('inputs', inputs, 'names of different columns that are read, such as a,b,c');
  if (target === undefined)
    throw new OptionError('target', target, 'the name of the column that is predicted');
  return { inputs, target };
}

/** Reads windows over a series. */
function openWindows(setup: TaskSetup) {
  const windows = windowSetup(setup);
  const { inputs, window } = windows;
  const [x, y] = setup.columns.map(({ normalize }) => normalize as Stats);
  return {
    columns: setup.columns.map(columnFromJSON),
    source: (records: Records<object>, batch: number) => windowsOf(records, windows, batch, { x, y }),
    readable: (rows: readonly object[]) => endingAt(rows, inputs, window),
  };
}

function windowSetup({ options }: TaskSetup): WindowSetup {
  const { window = WINDOW, horizon = 1 } = options;
  return { ...namesOf(options), window, horizon };
}

/** Windows over the steps. @param stats statistics for scaling. Default: those of these steps */
function windowsOf(
  records: Records<object>,
  { inputs, target, window, horizon }: WindowSetup,
  batch: number,
  stats?: { readonly x: Stats; readonly y: Stats },
): SlidingWindows {
  const names = [...new Set([...inputs, target])];
  const at = names.indexOf(target);
  const series = names.map((name) => Float64Array.from(records, (record) => numberOf(record, name)));
  const normalize = stats && {
    mean: names.map((_, c) => (c < inputs.length ? stats.x.mean[c] : stats.y.mean[0])),
    deviation: names.map((_, c) => (c < inputs.length ? stats.x.deviation[c] : stats.y.deviation[0])),
  };
  return slidingWindows(series, {
    inputs: [...inputs.keys()],
    target: at,
    window,
    horizon,
    normalize: normalize ?? 'standard',
    batch,
  });
}

/** For each step the window that ends with it; undefined for the first steps. */
function endingAt(
  rows: readonly object[],
  inputs: readonly string[],
  window: number,
): (object | undefined)[] {
  const series = inputs.map((name) => Float32Array.from(rows, (row) => numberOf(row, name)));
  return rows.map((_, end) =>
    end + 1 < window ? undefined : { x: series.map((all) => all.subarray(end + 1 - window, end + 1)) },
  );
}

function numberOf(record: object, name: string): number {
  const value = entryOf(record, name);
  if (typeof value === 'number') return value;
  throw new DataError(
    `A step has no number in "${name}"; it has ${Object.keys(record)
      .map((entry) => `"${entry}"`)
      .join(', ')}.`,
  );
}
