import { PageError } from '../../host/page-error.js';
import { count } from '../../page/format.js';
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
 * Rows without anything to read or to learn are left out.
 * @throws PageError in one sentence for rows that do not fit the choice
 */
export function recordsOfRows(rows: readonly OwnRow[], choice: OwnChoice): OwnRecords {
  const made = rows.map((row, i) => recordOf(row, i + 1, choice));
  const records = made.filter((record) => record !== undefined);
  if (records.length < LEAST_ROWS)
    throw new PageError(({ own }) => own.tooFew(count(records.length), count(LEAST_ROWS)));
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
        throw new PageError(({ own }) =>
          own.tags(count(number), count(tokens.length), first, count(tags.length), learned),
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
  throw new PageError(({ own }) => own.noNumber(count(number), asText(value), column));
}
