import type { ColumnKind, OwnChoice, OwnColumn, OwnFormat, OwnTask } from './choice.js';

/** A record by the names of its columns. Values of JSON need not be texts. */
export type OwnRow = Readonly<Record<string, unknown>>;

/** A column of class names has at most so many distinct values, each several times. */
const MOST_NAMES = 30;
const LEAST_TIMES = 2.5;
/** Largest mean length of a class name in characters. */
const NAME_LENGTH = 24;
/** Number of records that are looked at. */
const LOOKED = 500;

/** Matches a number as files write it. */
const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;
/** Matches common names of columns. */
const USUAL = new RegExp(
  '^(id|text|texts|label|labels|class|category|sentence|review|comment|message|source|target|src|tgt|' +
    'input|output|question|answer|english|german|french|chinese|spanish|word|words|token|tokens|tag|' +
    'tags|pos|ner|date|time|value|x|y|name|title|sentiment|rating|score)$',
  'i',
);

/** Guesses the format of a file from its name, or else from its beginning. */
export function guessFormat(name: string, beginning: string): OwnFormat {
  const ending = /\.(tsv|tab|csv|jsonl|ndjson|json)$/i.exec(name)?.[1].toLowerCase();
  if (ending === 'csv') return 'csv';
  if (ending === 'tsv' || ending === 'tab') return 'tsv';
  if (ending !== undefined) return 'jsonl';
  const [line = ''] = beginning.split('\n').filter((one) => one.trim() !== '');
  if (line.trim().startsWith('{')) return 'jsonl';
  return line.includes('\t') ? 'tsv' : 'csv';
}

/** Guesses the separator of a CSV file: it occurs equally often in each of the first lines. */
export function guessSeparator(beginning: string): string {
  const lines = beginning
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, 8);
  const counts = [',', ';', '|'].map((separator) => ({
    separator,
    least: Math.min(...lines.map((line) => line.split(separator).length - 1)),
  }));
  return counts.reduce((best, one) => (one.least > best.least ? one : best)).separator;
}

/**
 * Whether the first row names the columns: its fields are distinct short texts, and they are common
 * names, or one of them stands above numbers.
 */
export function hasHeader(rows: readonly (readonly string[])[]): boolean {
  const [first, ...rest] = rows;
  if (!first || rest.length === 0) return false;
  const named = first.map((field) => field.trim());
  const plain = named.every((field) => field !== '' && field.length <= 40 && !NUMBER.test(field));
  if (!plain || new Set(named).size < named.length) return false;
  if (named.every((field) => USUAL.test(field))) return true;
  return named.some((_, column) => rest.every((row) => NUMBER.test(row[column] ?? '')));
}

/** Describes the columns of the records by the first records. */
export function describeColumns(rows: readonly OwnRow[]): OwnColumn[] {
  const looked = rows.slice(0, LOOKED);
  const names = [...new Set(looked.flatMap((row) => Object.keys(row)))];
  return names.map((name) => {
    const values = looked.map((row) => row[name]);
    const texts = values.map(asText);
    return {
      name,
      kind: kindOf(values),
      different: new Set(texts).size,
      examples: [...new Set(texts)].slice(0, 3).map((text) => text.slice(0, 60)),
    };
  });
}

function kindOf(values: readonly unknown[]): ColumnKind {
  if (values.every((value) => Array.isArray(value))) return 'list';
  if (values.every((value) => typeof value === 'number' || (typeof value === 'string' && NUMBER.test(value))))
    return 'numbers';
  if (!values.every((value) => typeof value === 'string' || typeof value === 'boolean')) return 'other';
  const texts = values.map(String);
  const different = new Set(texts).size;
  const length = texts.reduce((sum, text) => sum + text.length, 0) / texts.length;
  const repeats = texts.length / different >= LEAST_TIMES;
  if (different <= MOST_NAMES && repeats && length <= NAME_LENGTH) return 'names';
  return texts.some((text) => /\S\s+\S/.test(text)) ? 'words' : 'text';
}

/**
 * Guesses the columns for this task, or the likeliest task if none is given; null if nothing fits.
 */
export function guessTask(
  rows: readonly OwnRow[],
  columns: readonly OwnColumn[],
  wanted?: OwnTask,
): Pick<OwnChoice, 'task' | 'read' | 'learned'> | null {
  const guesses: Readonly<Record<OwnTask, () => Pick<OwnChoice, 'read' | 'learned'> | undefined>> = {
    tag: () => tagsIn(rows, columns),
    classify: () => labelsIn(columns),
    translate: () => pairsIn(columns),
    regress: () => seriesIn(columns),
  };
  const order: readonly OwnTask[] = wanted ? [wanted] : ['tag', 'classify', 'translate', 'regress'];
  for (const task of order) {
    const found = guesses[task]();
    if (found) return { task, ...found };
  }
  return null;
}

const isText = ({ kind }: OwnColumn): boolean => kind === 'text' || kind === 'words';

/** Finds a column of sequences, and another with one of a few names for each of their steps. */
function tagsIn(
  rows: readonly OwnRow[],
  columns: readonly OwnColumn[],
): Pick<OwnChoice, 'read' | 'learned'> | undefined {
  const looked = rows.slice(0, LOOKED);
  const steps = new Map(
    columns
      .filter(({ kind }) => kind !== 'numbers' && kind !== 'other')
      .map(({ name }) => [name, looked.map((row) => stepsOf(row[name]))] as const),
  );
  for (const [read, sequences] of steps)
    for (const [learned, tags] of steps) {
      const pairs = read !== learned && sequences.every((steps, i) => steps.length === tags[i].length);
      const different = new Set(tags.flat()).size;
      const fewer = different <= MOST_NAMES && different < new Set(sequences.flat()).size;
      if (pairs && fewer && sequences.some((steps) => steps.length > 1)) return { read: [read], learned };
    }
  return undefined;
}

/**
 * Finds a text, and one of a few names (or of a few numbers, if no other column has numbers). If
 * several columns have texts, the longest is chosen.
 */
function labelsIn(columns: readonly OwnColumn[]): Pick<OwnChoice, 'read' | 'learned'> | undefined {
  const numbers = columns.filter(({ kind }) => kind === 'numbers');
  const [marks] = numbers.filter(({ different }) => numbers.length === 1 && different <= MOST_NAMES);
  const fewest = (one: OwnColumn, other: OwnColumn): OwnColumn =>
    other.different < one.different ? other : one;
  const names = columns.filter(({ kind }) => kind === 'names');
  const learned = names.length > 0 ? names.reduce(fewest) : marks;
  const texts = columns.filter((column) => column !== learned && (isText(column) || column.kind === 'names'));
  if (!learned || texts.length === 0) return undefined;
  const lengthOf = ({ examples }: OwnColumn): number => examples.join('').length / examples.length;
  const read = texts.reduce((longest, one) => (lengthOf(one) > lengthOf(longest) ? one : longest));
  return { read: [read.name], learned: learned.name };
}

/** Finds two columns of texts: the first is the input, the second the output. */
function pairsIn(columns: readonly OwnColumn[]): Pick<OwnChoice, 'read' | 'learned'> | undefined {
  const texts = columns.filter((column) => isText(column) || column.kind === 'names');
  return texts.length < 2 ? undefined : { read: [texts[0].name], learned: texts[1].name };
}

/** Finds columns of numbers: all are inputs, and the last one is predicted one step ahead. */
function seriesIn(columns: readonly OwnColumn[]): Pick<OwnChoice, 'read' | 'learned'> | undefined {
  const numbers = columns.filter(({ kind }) => kind === 'numbers').map(({ name }) => name);
  const learned = numbers.at(-1);
  return learned === undefined ? undefined : { read: numbers, learned };
}

/** Returns the steps of a sequence: the entries of a list, or words between spaces. */
export function stepsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(asText);
  return typeof value === 'string' ? value.split(/\s+/).filter((word) => word !== '') : [];
}

/** Returns a value in one line. */
export function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
