import {
  historyOfText,
  importances,
  isBetter,
  triedIn,
  type History,
  type Importance,
  type SweepSpec,
  type TrialRecord,
} from '../../../src/sweep/index.js';

/** A sweep prepared for drawing. */
export interface Sweep {
  readonly name: string;
  readonly spec: SweepSpec;
  /** Best first; those without a value last. */
  readonly trials: readonly TrialRecord[];
  /** The options that were varied, the most important first. */
  readonly options: readonly string[];
  readonly importances: readonly Importance[];
}

/** The value of a trial, or its latest report; NaN if there is none. */
export function valueOf({ value, objective }: TrialRecord): number {
  return value ?? objective ?? NaN;
}

/**
 * Reads a record written by `unrolled sweep`.
 * @throws FileFormatError if the file is not a record, DataError if it has no trial
 */
export function readSweep(text: string, name: string): Sweep {
  return sweepOf(historyOfText(text, name), name);
}

/** Prepares a history for drawing. @throws as `readSweep` */
export function sweepOf(history: History, name: string): Sweep {
  const spec = triedIn(history, name);
  const trials = [...history.trials].sort((a, b) => {
    if (isBetter(spec.objective, valueOf(a), valueOf(b))) return -1;
    return isBetter(spec.objective, valueOf(b), valueOf(a)) ? 1 : a.number - b.number;
  });
  const mattered = importances(history.trials);
  const options = Object.keys(spec.parameters);
  const placeOf = (option: string): number => mattered.findIndex((one) => one.name === option);
  return {
    ...{ name, spec, trials, importances: mattered },
    options: mattered.length === 0 ? options : options.sort((a, b) => placeOf(a) - placeOf(b)),
  };
}
