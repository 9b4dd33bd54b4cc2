import type { Attention, Belief } from '../tasks/view.js';
import { texts } from './texts.js';

/** `62 %`, `0.4 %`; what is not nothing is at least `<0.1 %`. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return '–';
  if (share <= 0 || share >= 0.01) return `${Math.round(100 * share)} %`;
  return share < 0.001 ? '<0.1 %' : `${(100 * share).toFixed(1)} %`;
}

/** Labels from the surest to the least sure. */
export function ranked(belief: Belief): (readonly [label: string, share: number])[] {
  return Object.entries(belief).sort(([, a], [, b]) => b - a);
}

/** How the worker calls the symbol that ends a text. */
const END = '<end>';

/** A symbol as it is read aloud and shown: a blank would be nothing. */
export function shown(symbol: string): string {
  if (symbol === ' ') return '␣';
  if (symbol === '\n') return '↵';
  if (symbol === END) return texts.end;
  return symbol;
}

/** Weights below this are not worth a word or a line. */
export const LEAST_WEIGHT = 0.03;

/** Where a network looked while it wrote a symbol, in a sentence. */
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
