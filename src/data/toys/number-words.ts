import { oneOf, onlyKnown, wholeNumber } from '../../core/options.js';
import type { Records } from '../records.js';
import { numberOfDigits } from './addition.js';
import { madeRecords, type ToyOptions } from './options.js';
import type { Pair } from './strings.js';

export const NUMBER_LANGUAGES = ['english', 'chinese'] as const;

/** Options of `numberWords`. */
export interface NumberWordsOptions extends ToyOptions {
  /** Language of the words. Default english. */
  readonly language?: (typeof NUMBER_LANGUAGES)[number];
  /** Largest number of digits, from 1 to 9. Default 6. */
  readonly digits?: number;
}

/**
 * Whole numbers in words: `{ source: '105', target: 'one hundred and five' }`, or `一百零五`. Each
 * number of digits is equally frequent.
 */
export function numberWords(options: NumberWordsOptions): Records<Pair> {
  onlyKnown('numberWords', options, ['count', 'seed', 'language', 'digits']);
  const language = oneOf('language', options.language ?? 'english', NUMBER_LANGUAGES);
  const digits = wholeNumber('digits', options.digits ?? 6, 1, 9);
  const inWords = language === 'english' ? english : chinese;
  return madeRecords(options, (random) => {
    const value = numberOfDigits(random, digits);
    return { source: String(value), target: inWords(value) };
  });
}

const SMALL = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen ' +
  'seventeen eighteen nineteen'
).split(' ');
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];

/** British usage: `and` comes after hundreds, and before a remainder below a hundred. */
function english(value: number): string {
  if (value < 20) return SMALL[value];
  if (value < 100) return TENS[Math.floor(value / 10)] + (value % 10 === 0 ? '' : `-${SMALL[value % 10]}`);
  const [unit, name] = value < 1000 ? [100, 'hundred'] : value < 1e6 ? [1000, 'thousand'] : [1e6, 'million'];
  const rest = value % unit;
  const head = `${english(Math.floor(value / unit))} ${name}`;
  return rest === 0 ? head : `${head} ${rest < 100 ? 'and ' : ''}${english(rest)}`;
}

const DIGITS = Array.from('零一二三四五六七八九');

/**
 * Groups of four digits, followed by 万 or 亿. Several zeros in a row become one 零. A ten at the
 * start is 十, not 一十.
 */
function chinese(value: number): string {
  if (value === 0) return DIGITS[0];
  const text = withUnits(value, [1e8, 1e4], ['亿', '万'], group);
  return text.startsWith('一十') ? text.slice(1) : text;
}

function group(value: number): string {
  return withUnits(value, [1000, 100, 10], ['千', '百', '十'], (digit) => DIGITS[digit]);
}

/**
 * Writes a number above 0 by units, the largest first, with 零 for places in between that are zero.
 */
function withUnits(
  value: number,
  units: readonly number[],
  names: readonly string[],
  written: (part: number) => string,
): string {
  let text = '';
  let rest = value;
  let before = Infinity;
  for (const [i, unit] of [...units, 1].entries()) {
    const part = Math.floor(rest / unit);
    if (part === 0) continue;
    // The digit below the previous unit is zero, so 零 is needed for the place that was skipped.
    if (before !== Infinity && rest < before / 10) text += DIGITS[0];
    text += written(part) + (names[i] ?? '');
    rest %= unit;
    before = unit;
  }
  return text;
}
