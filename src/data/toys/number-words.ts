import { oneOf, onlyKnown, wholeNumber } from '../../core/options.js';
import type { Records } from '../records.js';
import { numberOfDigits } from './addition.js';
import { madeRecords, type ToyOptions } from './options.js';
import type { Pair } from './strings.js';

export const NUMBER_LANGUAGES = ['english', 'chinese'] as const;

/** What `numberWords` takes. */
export interface NumberWordsOptions extends ToyOptions {
  /** Default english. */
  readonly language?: (typeof NUMBER_LANGUAGES)[number];
  /** Digits of the largest number, from 1 to 9. Default 6. */
  readonly digits?: number;
}

/**
 * Whole numbers in words: `{ source: '105', target: 'one hundred and five' }`, or `一百零五`. Each
 * count of digits is equally frequent.
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

/** British usage: `and` before what follows a hundred, and before a rest below a hundred. */
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
 * Groups of four digits, with 万 and 亿 behind them; a gap of zeros is one 零, and ten at the start
 * is 十, not 一十.
 */
function chinese(value: number): string {
  if (value === 0) return DIGITS[0];
  const text = withUnits(value, [1e8, 1e4], ['亿', '万'], group);
  return text.startsWith('一十') ? text.slice(1) : text;
}

function group(value: number): string {
  return withUnits(value, [1000, 100, 10], ['千', '百', '十'], (digit) => DIGITS[digit]);
}

/** The parts of a number above 0 by its units from the largest; 零 where a place in between is zero. */
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
    // The digit right below the unit before is zero, so a place was passed over.
    if (before !== Infinity && rest < before / 10) text += DIGITS[0];
    text += written(part) + (names[i] ?? '');
    rest %= unit;
    before = unit;
  }
  return text;
}
