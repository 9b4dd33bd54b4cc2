import { records as makeRecords, type Records } from '../../../../src/index.js';
import { madeParts, toys } from '../../../../src/graph.js';
import type { TaskEntry } from '../catalogue.js';
import { DIGITS, drawnDigits, isDigitText } from '../made/digits.js';
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
  if (data.drawn === 'written-digits') return writtenParts(rows, seed);
  const reviews = toys.parts('negation', { rows: rows + HELD_OUT, seed }).train;
  const all = Array.from(reviews, (review) => opinionOf((review as { readonly text: string }).text));
  return split(all, rows);
}

async function digitParts(rows: number, seed: number): Promise<TaskParts> {
  const all = await realDigits(seed);
  return split(
    all.map(({ digit, pixels, rows: height, columns }) => ({
      ...{ image: pixels, rows: height, columns, label: digit },
    })),
    rows,
  );
}

function writtenParts(rows: number, seed: number): TaskParts {
  const all = drawnDigits(rows + HELD_OUT, seed);
  return {
    ...split(
      all.map(({ digit, text }) => classRecord(DIGITS, digit, text)),
      rows,
    ),
    isOfClass: isDigitText,
  };
}

/** A name is right if it is a real one of its class, learned or held out. */
async function nameParts(rows: number, seed: number): Promise<TaskParts> {
  const real = await realNames(seed);
  const known = new Set(real.map(({ kind, name }) => `${kind} ${name}`));
  const all = real.map(({ kind, name }) => classRecord(REAL_NAME_CLASSES, kind, name));
  return { ...split(all, rows), isOfClass: (kind, text) => known.has(`${kind} ${text}`) };
}

/** The first records are learned, and so many others held out. */
function split(all: readonly object[], rows: number): TaskParts {
  return {
    train: makeRecords.of(all.slice(0, rows)),
    heldOut: makeRecords.of(all.slice(rows, rows + HELD_OUT)),
  };
}

/** Returns the record of a text to be written for a class: its features are one-hot. */
export function classRecord(classes: readonly string[], kind: string, caption: string): object {
  const features = Float32Array.from(classes, (name) => (name === kind ? 1 : 0));
  return { features, shape: [classes.length], caption };
}

/** Returns the classes that a task writes for. */
export function classesOf({ data }: TaskEntry): readonly string[] {
  if ('real' in data && data.real === 'names') return REAL_NAME_CLASSES;
  return 'drawn' in data && data.drawn === 'written-digits' ? DIGITS : [];
}
