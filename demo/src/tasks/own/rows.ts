import { DataError } from '../../../../src/index.js';
import type { OwnChoice } from './choice.js';
import { asText, stepsOf, type OwnRow } from './guess.js';

/** Least number of records; some of them are held out. */
export const LEAST_ROWS = 10;

/** A visitor's rows as records of the chosen task, and how many of them were empty. */
export interface OwnRecords {
  readonly records: object[];
  readonly empty: number;
}

/**
 * Converts rows to records. Rows without input or target are left out.
 * @throws DataError for rows that do not fit the choice
 */
export function recordsOfRows(rows: readonly OwnRow[], choice: OwnChoice): OwnRecords {
  const made = rows.map((row, i) => recordOf(row, i + 1, choice));
  const records = made.filter((record) => record !== undefined);
  if (records.length < LEAST_ROWS)
    throw new DataError(
      `There are ${records.length} records with something in both columns: at least ${LEAST_ROWS} are ` +
        'needed, of which some are held back to try the network on.',
    );
  return { records, empty: made.length - records.length };
}

function recordOf(row: OwnRow, number: number, { task, read, learned }: OwnChoice): object | undefined {
  const [first] = read;
  switch (task) {
    case 'classify': {
      const [text, label] = [asText(row[first]).trim(), asText(row[learned]).trim()];
      return text === '' || label === '' ? undefined : { [first]: text, [learned]: label };
    }
    case 'translate': {
      const [source, target] = [asText(row[first]).trim(), asText(row[learned]).trim()];
      return source === '' || target === '' ? undefined : { source, target };
    }
    case 'tag': {
      const [tokens, tags] = [stepsOf(row[first]), stepsOf(row[learned])];
      if (tokens.length !== tags.length)
        throw new DataError(
          `Record ${number} has ${tokens.length} words in “${first}” and ${tags.length} in “${learned}”: ` +
            'each word needs one tag.',
        );
      return tokens.length === 0 ? undefined : { [first]: tokens, [learned]: tags };
    }
    case 'regress':
      return Object.fromEntries(
        [...new Set([...read, learned])].map((name) => [name, numberOf(row[name], number, name)]),
      );
  }
}

function numberOf(value: unknown, number: number, column: string): number {
  const found = typeof value === 'number' ? value : asText(value).trim() === '' ? NaN : Number(value);
  if (Number.isFinite(found)) return found;
  throw new DataError(
    `Record ${number} has “${asText(value)}” in the column “${column}”, where a number is needed.`,
  );
}
