import type { Random } from '../../core/random.js';
import { between, languageOf } from './language.js';

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;
export const WEEKDAYS = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
] as const;

const FIRST_YEAR = 1900;
const LAST_YEAR = 2099;

/** A random day from 1900 to 2099. All are equally likely. */
export function randomDate(random: Random): Date {
  const first = Date.UTC(FIRST_YEAR, 0, 1);
  const days = Math.round((Date.UTC(LAST_YEAR + 1, 0, 1) - first) / 86_400_000);
  return new Date(first + between(random, 0, days - 1) * 86_400_000);
}

export const dates = languageOf(
  'dates',
  `One date per line in three forms, from ${FIRST_YEAR} to ${LAST_YEAR}: 3 March 1986 = 1986-03-03 = Monday.`,
  'Three fields kept over some twenty characters and written again in another order, the month as a ' +
    'number. The weekday can only be guessed without arithmetic.',
  (random) => {
    const date = randomDate(random);
    const words = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
    return `${words} = ${date.toISOString().slice(0, 10)} = ${WEEKDAYS[date.getUTCDay()]}\n`;
  },
);
