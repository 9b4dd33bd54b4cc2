import type { Attention, Reply } from '../tasks/view.js';

/** The positions of the source that a symbol corresponds to; `to` is exclusive. */
export type Span = readonly [from: number, to: number];

/** The span of each written symbol; null where there is none. */
export type Alignment = readonly (Span | null)[];

/** How well the attention agrees with the true alignment. */
export interface AlignmentScore {
  /** Share of the attention that lies within the spans, averaged over symbols. */
  readonly share: number;
  /** Number of symbols whose largest weight lies within its span. */
  readonly hits: number;
  readonly of: number;
}

/**
 * Returns the true alignment of a generated example with a right answer.
 * @returns undefined if it is not known
 */
export function alignmentOf(task: string, reply: Reply): Alignment | undefined {
  const { read, wanted, wantedPlaces, attention } = reply;
  if (!attention) return undefined;
  if (wantedPlaces) return wantedPlaces.map((place) => (place === null ? null : [place, place + 1]));
  if (read.kind !== 'text' || wanted === undefined) return undefined;
  if (task === 'reversing') return [...read.text].map((_, t, { length }) => [length - 1 - t, length - t]);
  return task === 'dates' ? datesAligned(read.text, wanted) : undefined;
}

/** Returns the agreement of attention and alignment; undefined if the alignment has no spans. */
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

/** Aligns a date: the year digit by digit, month and day as a whole. */
function datesAligned(source: string, target: string): Alignment | undefined {
  const [year, month, day] = target.split('-');
  const y = source.indexOf(year);
  // Positions count symbols, so a text with surrogate pairs would need another count.
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

/** Finds the numbers in a text. */
function numbersOf(text: string): Span[] {
  return [...text.matchAll(/\d+/g)].map(({ index, 0: digits }) => [index, index + digits.length]);
}

/**
 * Dates with slashes and Chinese dates have the month before the day, those with points after it.
 */
function isMonthFirst(text: string): boolean {
  return text.includes('/') || text.includes('月');
}

/** Finds the name of a month: it is the last word, because a weekday precedes it. */
function monthNamed(text: string): Span | undefined {
  const last = [...text.matchAll(/\p{L}{3,}/gu)].at(-1);
  return last && [last.index, last.index + last[0].length];
}
