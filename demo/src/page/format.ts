import { language } from '../words/language.js';

const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });

/** Formats a whole number: 12,345. */
export function count(value: number): string {
  return whole.format(value);
}

/** Formats four significant digits of any size, or a dash for NaN. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '–' : '∞';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 1e6 || size < 1e-3) return value.toExponential(2);
  return size >= 1000 ? whole.format(value) : String(Number(value.toPrecision(4)));
}

/** Formats a rate per second. */
export function speed(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return value >= 100 ? whole.format(value) : tenths.format(value);
}

/** Formats a size: 1.4 MiB. */
export function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1];
  return `${tenths.format(value)} ${units[unit]}`;
}

/** Joins sentences that are not empty. After a Chinese mark there is no blank. */
export function sentences(all: readonly string[]): string {
  return all
    .filter((one) => one !== '')
    .reduce((text, one) => text + (text === '' || /[。！？：；）]$/.test(text) ? '' : ' ') + one, '');
}

/** Formats a percentage, rounded down: 100 % means that all are right. */
export function wholePercent(share: number): string {
  return `${Math.floor(100 * share + 1e-9)} %`;
}
