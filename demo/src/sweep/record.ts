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

/** A sweep as the drawings have it. */
export interface Sweep {
  readonly name: string;
  readonly spec: SweepSpec;
  /** The best first; those without a value last. */
  readonly trials: readonly TrialRecord[];
  /** Options that were tried, those first that mattered most. */
  readonly options: readonly string[];
  readonly importances: readonly Importance[];
}

/** The value of a trial, or what it has reached so far; NaN where it has none. */
export function valueOf({ value, objective }: TrialRecord): number {
  return value ?? objective ?? NaN;
}

/**
 * Reads a record, as `unrolled sweep` writes it.
 * @throws FileFormatError for a file that is no record, DataError for one without a trial
 */
export function readSweep(text: string, name: string): Sweep {
  return sweepOf(historyOfText(text, name), name);
}

/** What a history holds. @throws as `readSweep` */
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
