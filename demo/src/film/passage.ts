import { named } from '../inside/symbols.js';
import type { Reading } from '../now/protocol.js';

/** The surprise in bits from which the colour is full: about that of uniform guessing. */
export const FULL_BITS = 6;

/**
 * Returns the surprise at each symbol in bits: −log₂ of the probability that it was given; NaN for
 * the first.
 */
export function surprises({ next, symbols }: Pick<Reading, 'next' | 'symbols'>): number[] {
  return symbols.map((_, t) => (t === 0 ? NaN : Math.log2(1 / next[t - 1])));
}

/**
 * Returns the mean surprise of a reading and the place of the largest; undefined if none is known.
 */
export function surpriseOf(
  reading: Pick<Reading, 'next' | 'symbols'>,
): { readonly bits: number; readonly letter: string } | undefined {
  const { symbols } = reading;
  const known = surprises(reading).flatMap((bits, t) => (Number.isFinite(bits) ? [{ bits, t }] : []));
  if (known.length === 0) return undefined;
  const most = known.reduce((best, one) => (one.bits > best.bits ? one : best));
  return {
    bits: known.reduce((sum, { bits }) => sum + bits, 0) / known.length,
    letter: named(symbols[most.t]),
  };
}

/**
 * Returns the states of all layers from −127 to 127: one row for each unit, one column for each
 * symbol.
 */
export function stateLevels({ layers, symbols }: Pick<Reading, 'layers' | 'symbols'>): {
  readonly levels: Int8Array;
  readonly rows: number;
  readonly columns: number;
} {
  const columns = symbols.length;
  const H = layers.length === 0 ? 0 : layers[0].h.length / columns;
  const levels = new Int8Array(layers.length * H * columns);
  for (const [l, { h }] of layers.entries()) {
    // A linear unit may exceed −1 to 1.
    const full = h.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 1);
    for (let t = 0; t < columns; t++)
      for (let j = 0; j < H; j++)
        levels[(l * H + j) * columns + t] = Math.round((127 * (h[t * H + j] || 0)) / full);
  }
  return { levels, rows: layers.length * H, columns };
}
