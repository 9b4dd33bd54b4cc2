import type { Attention, Belief } from '../tasks/view.js';
import { texts } from './texts.js';

/** Formats `62 %` or `0.4 %`; a positive share is at least `<0.1 %`. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return '–';
  if (share <= 0 || share >= 0.01) return `${Math.round(100 * share)} %`;
  return share < 0.001 ? '<0.1 %' : `${(100 * share).toFixed(1)} %`;
}

/** Returns the labels by descending probability. */
export function ranked(belief: Belief): (readonly [label: string, share: number])[] {
  return Object.entries(belief).sort(([, a], [, b]) => b - a);
}

/** The worker's name of the symbol that ends a text. */
const END = '<end>';

/** Returns a visible form of a symbol, such as for a space. */
export function shown(symbol: string): string {
  if (symbol === ' ') return '␣';
  if (symbol === '\n') return '↵';
  if (symbol === END) return texts.end;
  return symbol;
}

/** Smaller weights are neither named nor drawn. */
export const LEAST_WEIGHT = 0.03;

/** Describes the attention at one written symbol. */
export function attentionWords({ source, output, weights }: Attention, row: number): string {
  const ofRow = weights[row];
  if (!ofRow) return texts.attention.nothing;
  const seen = ofRow
    .map((weight, place) => ({ weight, place }))
    .sort((a, b) => b.weight - a.weight)
    .filter(({ weight }, i) => i === 0 || (i < 3 && weight >= 0.1))
    .map(({ weight, place }) => texts.sure(shown(source[place]), percent(weight)));
  return texts.attention.looks(shown(output[row]), texts.listed(seen));
}
