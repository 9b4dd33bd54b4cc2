import type { Value } from '../../../src/sweep/index.js';
import { figure } from '../page/format.js';

/** Places of values on an axis, from 0 to 1, and the labels beside it. */
export interface Scale {
  /** NaN for a value without a place, such as infinity. */
  readonly place: (value: Value) => number;
  readonly ticks: readonly { readonly place: number; readonly label: string }[];
}

/** Up to so many distinct values have one place each. */
const MOST_PLACES = 8;
/** Numbers that span more than this factor are drawn on a logarithmic axis. */
const WIDE = 10;

/** Returns a scale for the values of an option. */
export function optionScale(values: readonly Value[]): Scale {
  const distinct = [...new Set(values)];
  const areNumbers = distinct.every((value) => typeof value === 'number');
  if (areNumbers && distinct.length > MOST_PLACES) return numberScale(distinct);
  if (areNumbers) distinct.sort((a, b) => a - b);
  const place = (value: Value): number => (distinct.indexOf(value) + 0.5) / distinct.length;
  return {
    place,
    ticks: distinct.map((value) => ({ place: place(value), label: labelOf(value) })),
  };
}

/** Returns a scale for measured numbers. Values that are not finite have no place. */
export function numberScale(values: readonly Value[]): Scale {
  const finite = values.map(Number).filter(Number.isFinite);
  let [low, high] = [Math.min(...finite), Math.max(...finite)];
  if (finite.length === 0) [low, high] = [0, 1];
  const isLog = low > 0 && high / low >= WIDE;
  const of = (value: number): number => (isLog ? Math.log10(value) : value);
  const [from, span] = [of(low), of(high) - of(low)];
  const back = (share: number): number => (isLog ? 10 ** (from + share * span) : from + share * span);
  return {
    place(value) {
      const number = Number(value);
      if (!Number.isFinite(number) || (isLog && number <= 0)) return NaN;
      return span === 0 ? 0.5 : (of(number) - from) / span;
    },
    ticks:
      span === 0
        ? [{ place: 0.5, label: labelOf(low) }]
        : [0, 0.5, 1].map((place) => ({ place, label: labelOf(back(place)) })),
  };
}

function labelOf(value: Value): string {
  return typeof value === 'number' ? figure(Number(value.toPrecision(3))) : String(value);
}
