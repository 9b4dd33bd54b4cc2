import { DataError, describe, FileFormatError } from '../core/errors.js';
import { History, SPEC_ATTRIBUTE } from './history.js';
import { operationOf } from './operations.js';
import type { SweepSpec } from './spec.js';

/**
 * Reads a record that is in memory: lines of Optuna's journal. A last line without an end is one that is
 * being written. Values of the objective by step are kept.
 * @param name what messages call it
 * @throws FileFormatError for a text that is no record
 */
export function historyOfText(text: string, name: string): History {
  const history = new History({ values: true });
  text
    .split('\n')
    .slice(0, -1)
    .forEach((line, i) => history.apply(operationOf(line, i + 1, name)));
  return history;
}

/** What a history with trials tried. @throws FileFormatError, DataError where there is no trial yet */
export function triedIn(history: History, name: string): SweepSpec {
  const spec = history.attributes[SPEC_ATTRIBUTE] as SweepSpec | undefined;
  if (spec === undefined)
    throw new FileFormatError(
      `${describe(name)} is no record of unrolled sweep: it does not say what is tried.`,
    );
  if (history.trials.length === 0)
    throw new DataError(`${describe(name)} has no trial yet: load it again later.`);
  return spec;
}
