import type { Attention, Reply } from '../tasks/view.js';

/** The positions of the source that a symbol stands for, from the first to before the last. */
export type Span = readonly [from: number, to: number];

/** For each symbol that is written what it stands for; null where nobody could say. */
export type Alignment = readonly (Span | null)[];

/** How well a network looks where it should. */
export interface AlignmentScore {
  /** Share of the attention that lies where it should, a mean over symbols. */
  readonly share: number;
  /** Symbols whose largest weight lies where it should. */
  readonly hits: number;
  readonly of: number;
}

/**
 * The true alignment of a made-up example: known where its answer is right, since a wrong answer has
 * none.
 * @returns undefined where it is not known
 */
export function alignmentOf(task: string, reply: Reply): Alignment | undefined {
  const { read, wanted, wantedPlaces, attention } = reply;
  if (!attention) return undefined;
  if (wantedPlaces) return wantedPlaces.map((place) => (place === null ? null : [place, place + 1]));
  if (read.kind !== 'text' || wanted === undefined) return undefined;
  if (task === 'reversing') return [...read.text].map((_, t, { length }) => [length - 1 - t, length - t]);
  return task === 'dates' ? datesAligned(read.text, wanted) : undefined;
}

/** How much of the attention lies where the alignment says; undefined where it says nothing. */
export function scoreOf({ weights }: Attention, alignment: Alignment): AlignmentScore | undefined {
  let [sum, hits, of] = [0, 0, 0];
  for (const [t, row] of weights.entries()) {
    const span = alignment[t];
    if (!span) continue;
    const [from, to] = span;
    sum += row.slice(from, to).reduce((total, weight) => total + weight, 0);
    const best = row.indexOf(Math.max(...row));
    if (best >= from && best < to) hits++;
    of++;
  }
  return of === 0 ? undefined : { share: sum / of, hits, of };
}

/** The parts of a date that stand in the source: the year digit by digit, month and day as a whole. */
function datesAligned(source: string, target: string): Alignment | undefined {
  const [year, month, day] = target.split('-');
  const y = source.indexOf(year);
  // Positions are symbols: a text with symbols of two units would need another count.
  if (y < 0 || [...source].length !== source.length) return undefined;
  const [m, d] = /^\d{8}$/.test(source) ? COMPACT : monthAndDay(source, y);
  if (!m || !d || Number(source.slice(...d)) !== Number(day)) return undefined;
  if (/^\d+$/.test(source.slice(...m)) && Number(source.slice(...m)) !== Number(month)) return undefined;
  const digits = [...year].map((_, i): Span => [y + i, y + i + 1]);
  return [...digits, null, m, m, null, d, d];
}

/** Month and day of `19860303`. */
const COMPACT: readonly Span[] = [
  [4, 6],
  [6, 8],
];

function monthAndDay(text: string, year: number): readonly (Span | undefined)[] {
  const [first, second] = numbersOf(text).filter(([from]) => from < year || from >= year + 4);
  const named = monthNamed(text);
  if (named) return [named, first];
  return isMonthFirst(text) ? [first, second] : [second, first];
}

/** Where numbers stand. */
function numbersOf(text: string): Span[] {
  return [...text.matchAll(/\d+/g)].map(({ index, 0: digits }) => [index, index + digits.length]);
}

/** Slashes and Chinese put the month before the day, points after it. */
function isMonthFirst(text: string): boolean {
  return text.includes('/') || text.includes('月');
}

/** Where the name of a month stands: the last word, since a weekday comes before it. */
function monthNamed(text: string): Span | undefined {
  const last = [...text.matchAll(/\p{L}{3,}/gu)].at(-1);
  return last && [last.index, last.index + last[0].length];
}
