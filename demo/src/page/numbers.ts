import type { Entry } from '../host/messages.js';

/** Matches 1,000 or 1.000.000 or 1 000: thousands in groups. */
const GROUPED = /^[+-]?\d{1,3}(?:[,.’' \u00a0\u202f]\d{3})+$/;
/** Matches 0,05: a decimal comma. */
const COMMA = /^[+-]?\d*,\d+(?:e[+-]?\d+)?$/i;

/**
 * Reads what a person typed into a number field. A text that is not a number is returned as it is.
 * @param whole whether the field takes whole numbers: then separators group thousands, else a comma
 *   is a decimal sign
 */
export function readNumber(typed: string, whole: boolean): Entry {
  const text = typed.trim().replace('−', '-');
  if (text === '') return '';
  const plain =
    whole && GROUPED.test(text)
      ? text.replace(/[^\d+-]/g, '')
      : COMMA.test(text)
        ? text.replace(',', '.')
        : text;
  const value = Number(plain);
  return Number.isNaN(value) ? typed.trim() : value;
}

/**
 * Reads what a person typed into this field. Its `inputmode` declares whether it takes whole
 * numbers.
 */
export function entryOf({
  value,
  inputMode,
}: Pick<HTMLInputElement | HTMLSelectElement, 'value'> & { readonly inputMode?: string }): Entry {
  return readNumber(value, inputMode === 'numeric');
}
