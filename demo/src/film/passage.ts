import { named } from '../inside/symbols.js';
import type { Reading } from '../now/protocol.js';

/** From so many bits on the colour of a surprise is full: about that of one who knows nothing. */
export const FULL_BITS = 6;

/** Bits of surprise at each symbol, log₂ of one over the probability that it had been given; NaN at the first. */
export function surprises({ next, symbols }: Pick<Reading, 'next' | 'symbols'>): number[] {
  return symbols.map((_, t) => (t === 0 ? NaN : Math.log2(1 / next[t - 1])));
}

/** The mean of a reading's surprises, and where the largest is; undefined where none is known. */
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

/** States of all layers, a row for each unit and a column for each symbol, from −127 to 127. */
export function stateLevels({ layers, symbols }: Pick<Reading, 'layers' | 'symbols'>): {
  readonly levels: Int8Array;
  readonly rows: number;
  readonly columns: number;
} {
  const columns = symbols.length;
  const H = layers.length === 0 ? 0 : layers[0].h.length / columns;
  const levels = new Int8Array(layers.length * H * columns);
  for (const [l, { h }] of layers.entries()) {
    // A linear unit may leave −1 to 1.
    const full = h.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 1);
    for (let t = 0; t < columns; t++)
      for (let j = 0; j < H; j++)
        levels[(l * H + j) * columns + t] = Math.round((127 * (h[t * H + j] || 0)) / full);
  }
  return { levels, rows: layers.length * H, columns };
}
