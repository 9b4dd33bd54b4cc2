import { wordsOf } from '../words/parts.js';

const { letters } = await wordsOf('drawing');

/** Matches characters without a width of their own, and those that change the one before. */
const INVISIBLE = /^[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]$/u;
const COMBINING = /^\p{M}$/u;

/** Returns the visible form of a character in a cell of its own, such as for a space. */
export function visible(symbol: string): string {
  switch (symbol) {
    case ' ':
      return '␣';
    case '\n':
      return '↵';
    case '\r':
      return '␍';
    case '\t':
      return '⇥';
    default:
      if (INVISIBLE.test(symbol)) return '▯';
      return COMBINING.test(symbol) ? `◌${symbol}` : symbol;
  }
}

/** Returns the name of a character in a sentence. */
export function named(symbol: string): string {
  if (Object.hasOwn(letters, symbol)) return letters[symbol];
  return INVISIBLE.test(symbol)
    ? `U+${(symbol.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
    : `“${visible(symbol)}”`;
}

/** Formats a signed number: 0.83, −0.4. */
export function signed(value: number): string {
  const text = Math.abs(value).toFixed(2);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** Formats a percentage without a line break: 41 %. */
export function percent(probability: number): string {
  return probability >= 0.0995 || probability === 0
    ? `${Math.round(100 * probability)}\u00a0%`
    : `${Number((100 * probability).toPrecision(1))}\u00a0%`;
}
