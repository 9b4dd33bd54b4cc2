import { onlyKnown } from '../../core/options.js';
import { MONTHS, randomDate, WEEKDAYS } from '../../text/synthetic/dates.js';
import { pick } from '../../text/synthetic/language.js';
import type { Records } from '../records.js';
import { madeRecords, type ToyOptions } from './options.js';
import type { Pair } from './strings.js';

const GERMAN = 'Januar Februar März April Mai Juni Juli August September Oktober November Dezember'.split(
  ' ',
);
const FRENCH = 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(
  ' ',
);

/** The numbers of a date. */
interface DateParts {
  readonly year: number;
  /** From 0. */
  readonly month: number;
  readonly day: number;
  /** From 0, Sunday. */
  readonly weekday: number;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** 1st, 2nd, 3rd, 4th, 11th, 21st. */
function ordinal(day: number): string {
  const ending = Math.floor(day / 10) === 1 ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th');
  return `${day}${ending}`;
}

/**
 * If day and month are numbers, the separator shows their order: the day comes first with points,
 * the month (or the year) with slashes. So every source has exactly one target.
 */
const FORMATS: readonly ((parts: DateParts) => string)[] = [
  ({ year, month, day }) => `${day} ${MONTHS[month]} ${year}`,
  ({ year, month, day }) => `${MONTHS[month]} ${day}, ${year}`,
  ({ year, month, day }) => `the ${ordinal(day)} of ${MONTHS[month]} ${year}`,
  ({ year, month, day }) => `${MONTHS[month].slice(0, 3)} ${ordinal(day)}, ${year}`,
  ({ year, month, day }) => `${two(day)}-${MONTHS[month].slice(0, 3).toUpperCase()}-${year}`,
  ({ year, month, day, weekday }) => `${WEEKDAYS[weekday]}, ${MONTHS[month]} ${day}, ${year}`,
  ({ year, month, day, weekday }) =>
    `${WEEKDAYS[weekday].slice(0, 3)} ${day} ${MONTHS[month].slice(0, 3)} ${year}`,
  ({ year, month, day }) => `${day}.${month + 1}.${year}`,
  ({ year, month, day }) => `${two(day)}.${two(month + 1)}.${year}`,
  ({ year, month, day }) => `${month + 1}/${day}/${year}`,
  ({ year, month, day }) => `${year}/${two(month + 1)}/${two(day)}`,
  ({ year, month, day }) => `${year}${two(month + 1)}${two(day)}`,
  ({ year, month, day }) => `${day}. ${GERMAN[month]} ${year}`,
  ({ year, month, day }) => `le ${day === 1 ? '1er' : day} ${FRENCH[month]} ${year}`,
  ({ year, month, day }) => `${year}年${month + 1}月${day}日`,
];

/**
 * Dates from 1900 to 2099 in fifteen formats (English, German, French, Chinese, numbers), each with
 * its ISO 8601 form: `{ source: 'the 3rd of March 1986', target: '1986-03-03' }`.
 */
export function isoDates(options: ToyOptions): Records<Pair> {
  onlyKnown('isoDates', options, ['count', 'seed']);
  return madeRecords(options, (random) => {
    const date = randomDate(random);
    const parts = {
      ...{ year: date.getUTCFullYear(), month: date.getUTCMonth() },
      ...{ day: date.getUTCDate(), weekday: date.getUTCDay() },
    };
    return { source: pick(random, FORMATS)(parts), target: date.toISOString().slice(0, 10) };
  });
}
