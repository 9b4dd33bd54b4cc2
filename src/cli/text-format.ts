import type { DoneEvent } from './events.js';

/** Formats rows as two columns. */
export function block(rows: readonly (readonly [name: string, value: string])[]): string {
  return `${rows.map(([name, value]) => `${name.padEnd(12)} ${value}`).join('\n')}\n`;
}

/** How a run ended, in words. */
export const ENDINGS: Readonly<Record<DoneEvent['reason'], string>> = {
  steps: 'done',
  patience: 'stopped early, because the validation loss does not fall any more',
  interrupted: 'interrupted',
  diverged: 'stopped, because no gradient is finite any more',
};

/** Formats a number with five significant digits, and with all digits of its whole part. */
export function figure(value: number): string {
  return Number.isFinite(value) && Math.abs(value) < 1e6
    ? value.toFixed(Math.max(0, 4 - Math.floor(Math.log10(Math.max(1, Math.abs(value))))))
    : value.toPrecision(5);
}

/** Formats a whole number with thousands separators. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Names of measures for a person. */
const TITLES: Readonly<Record<string, string>> = { exactMatch: 'exact match', editDistance: 'edit distance' };

/** Measures that are printed as percentages. */
const SHARES = ['accuracy', 'exactMatch', 'bleu', 'f1'];

/** Measures in one line. */
export function measureLine(measures: Readonly<Record<string, unknown>>): string {
  return Object.entries(measures)
    .filter((entry): entry is [string, number] => typeof entry[1] === 'number')
    .map(
      ([name, value]) => `${TITLES[name] ?? name} ${SHARES.includes(name) ? percent(value) : figure(value)}`,
    )
    .join('  ');
}
