import { DataError, describe, FileFormatError } from '../core/errors.js';
import { History, SPEC_ATTRIBUTE } from './history.js';
import { operationOf } from './operations.js';
import type { SweepSpec } from './spec.js';

/**
 * Reads a record in memory, lines of Optuna's journal, and keeps the values of the objective by
 * step. A last line without an end is still being written, and is left out.
 * @param name of the record, for messages
 * @throws FileFormatError for a text that is not a record
 */
export function historyOfText(text: string, name: string): History {
  const history = new History({ values: true });
  text
    .split('\n')
    .slice(0, -1)
    .forEach((line, i) => history.apply(operationOf(line, i + 1, name)));
  return history;
}

/**
 * Returns the sweep of a history with trials. @throws FileFormatError, DataError if there is no
 * trial yet
 */
export function triedIn(history: History, name: string): SweepSpec {
  const spec = history.attributes[SPEC_ATTRIBUTE] as SweepSpec | undefined;
  if (spec === undefined)
    throw new FileFormatError(`${describe(name)} is not a record of unrolled sweep: it stores no sweep.`);
  if (history.trials.length === 0)
    throw new DataError(`${describe(name)} has no trial yet: load it again later.`);
  return spec;
}
