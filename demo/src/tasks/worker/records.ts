import { records as makeRecords, type Records } from '../../../../src/index.js';
import { madeParts, toys } from '../../../../src/graph.js';
import type { TaskEntry } from '../catalogue.js';
import {
  DIGITS,
  drawnDigits,
  isDigitText,
  pixelsAsText,
  TO_READ,
  TO_WRITE,
  type DrawnDigit,
} from '../made/digits.js';
import { isNameOf, madeNames, NAME_CLASSES } from '../made/names.js';
import { opinionOf } from '../made/opinions.js';
import { REAL_NAME_CLASSES, realDigits, realNames } from '../real/records.js';

/** The records to learn from, and those held out. */
export interface TaskParts {
  readonly train: Records<object>;
  readonly heldOut: Records<object>;
  /** For texts of a class: whether a text belongs to the class. */
  readonly isOfClass?: (kind: string, text: string) => boolean;
}

/** Number of held-out examples. */
export const HELD_OUT = 200;

/** Returns the records of a task of the page. The same seed returns the same records. */
export async function partsOf({ data, rows, options }: TaskEntry, seed: number): Promise<TaskParts> {
  if ('made' in data) {
    const place = { name: data.made, rows, seed, options: data.options ?? {} };
    const { train, heldOut } = madeParts(place, options, HELD_OUT);
    return { train, heldOut: heldOut ?? train };
  }
  if ('real' in data) return data.real === 'digits' ? digitParts(rows, seed) : nameParts(rows, seed);
  const isOfClass = { names: isNameOf, 'written-digits': isDigitText }[data.drawn as string];
  const all = drawnRecords(data.drawn, rows + HELD_OUT, seed);
  return {
    train: makeRecords.of(all.slice(0, rows)),
    heldOut: makeRecords.of(all.slice(rows)),
    ...(isOfClass ? { isOfClass } : {}),
  };
}

async function digitParts(rows: number, seed: number): Promise<TaskParts> {
  const all = (await realDigits(seed)).map(digitRecord);
  return {
    train: makeRecords.of(all.slice(0, rows)),
    heldOut: makeRecords.of(all.slice(rows, rows + HELD_OUT)),
  };
}

/** A name is right if it is a real one of its class, learned or held out. */
async function nameParts(rows: number, seed: number): Promise<TaskParts> {
  const real = await realNames(seed);
  const known = new Set(real.map(({ kind, name }) => `${kind} ${name}`));
  const all = real.map(({ kind, name }) => classRecord(REAL_NAME_CLASSES, kind, name));
  return {
    train: makeRecords.of(all.slice(0, rows)),
    heldOut: makeRecords.of(all.slice(rows, rows + HELD_OUT)),
    isOfClass: (kind, text) => known.has(`${kind} ${text}`),
  };
}

function digitRecord({ digit, pixels, rows, columns }: DrawnDigit): object {
  return { image: pixels, rows, columns, label: digit };
}

function drawnRecords(
  drawn: Extract<TaskEntry['data'], { drawn: string }>['drawn'],
  count: number,
  seed: number,
): object[] {
  switch (drawn) {
    case 'opinions': {
      const reviews = toys.parts('negation', { rows: count, seed }).train;
      return Array.from(reviews, (review) => opinionOf((review as { readonly text: string }).text));
    }
    case 'names':
      return madeNames(count, seed).map(({ kind, name }) => classRecord(NAME_CLASSES, kind, name));
    case 'digits':
      return drawnDigits(count, seed, TO_READ).map(digitRecord);
    case 'written-digits':
      return drawnDigits(count, seed, TO_WRITE).map((one) =>
        classRecord(DIGITS, one.digit, pixelsAsText(one)),
      );
  }
}

/** Returns the record of a text to be written for a class: its features are one-hot. */
export function classRecord(classes: readonly string[], kind: string, caption: string): object {
  const features = Float32Array.from(classes, (name) => (name === kind ? 1 : 0));
  return { features, shape: [classes.length], caption };
}

/** Returns the classes that a task writes for. */
export function classesOf({ data }: TaskEntry): readonly string[] {
  if ('real' in data) return data.real === 'names' ? REAL_NAME_CLASSES : [];
  if (!('drawn' in data)) return [];
  return data.drawn === 'names' ? NAME_CLASSES : data.drawn === 'written-digits' ? DIGITS : [];
}
