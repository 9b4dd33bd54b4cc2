import { tokenizerFromJSON, toys } from '../../../../src/graph.js';
import { PageError } from '../../host/page-error.js';
import { count } from '../../page/format.js';
import { examplesOf, type Example } from './examples.js';
import type { TaskRun } from './run.js';

/** Most characters of a typed text, and most letters to be sent in Morse code. */
const LONGEST = 400;
const MOST_LETTERS = 12;
/** Most unknown letters or words that are named. */
const MOST_UNKNOWN = 8;

/**
 * Returns the example of a typed text.
 * @throws PageError for a text that is empty, too long, or of no use for the task
 */
export function typedExample(run: TaskRun, typed: string): Example {
  const text = typed.trim();
  if (run.material.entry.reads === 'sound') return soundExample(run, text);
  const { open } = run;
  if (!open.ofLine) throw new PageError(({ ask }) => ask.noText);
  checkLength(text, LONGEST);
  const record = open.ofLine(text);
  const [value] = Object.values(record) as unknown[];
  const tags = open.kind.name === 'tag';
  const tokens = Array.isArray(value) ? (value as readonly string[]) : [...text];
  const read = tags ? ({ kind: 'tokens', tokens } as const) : ({ kind: 'text', text } as const);
  return withUnknown({ record, read }, unknownIn(run, text));
}

/** Sends the letters of a text. The speed and the pitch depend on the text alone. */
function soundExample(run: TaskRun, text: string): Example {
  checkLength(text, MOST_LETTERS);
  const symbols = [...text.toUpperCase()].filter((symbol) => symbol.trim() !== '');
  const isLetter = (symbol: string): boolean => /^[A-Z]$/.test(symbol);
  const letters = symbols.filter(isLetter).join('');
  if (letters === '') throw new PageError(({ ask }) => ask.noLetters);
  const { data } = run.material.listed ?? {};
  const { bands, noise } = data && 'made' in data ? (data.options ?? {}) : {};
  // A checkpoint of the command notes only what differs from the defaults.
  const sound = {
    ...(bands === undefined ? {} : { bands: Number(bands) }),
    ...(noise === undefined ? {} : { noise: Number(noise) }),
  };
  const [example] = examplesOf(run, [toys.morseOf(letters, { ...sound, seed: seedOf(letters) })]);
  return withUnknown(example, named(symbols.filter((symbol) => !isLetter(symbol))));
}

/** A number below 2³¹ that is the same for the same letters. */
function seedOf(letters: string): number {
  return [...letters].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 2 ** 31, 7);
}

function checkLength(text: string, most: number): void {
  if (text === '') throw new PageError(({ ask }) => ask.empty);
  if (text.length > most) throw new PageError(({ ask }) => ask.tooLong(count(most)));
}

/** Returns the letters or words of a text that are not among the symbols that the network reads. */
export function unknownIn({ setup }: TaskRun, text: string): readonly string[] {
  const [{ tokenizer: json }] = setup.columns;
  if (json === undefined) return [];
  const tokenizer = tokenizerFromJSON(json);
  const parts =
    tokenizer.kind === 'characters' ? [...text] : (text.match(/[\p{L}\p{M}\p{N}_'’-]+|\S/gu) ?? []);
  return named(parts.filter((part) => Array.from(tokenizer.encode(part)).includes(tokenizer.unknown)));
}

function named(unknown: readonly string[]): readonly string[] {
  return [...new Set(unknown)].slice(0, MOST_UNKNOWN);
}

function withUnknown(example: Example, unknown: readonly string[]): Example {
  return unknown.length === 0 ? example : { ...example, unknown };
}
