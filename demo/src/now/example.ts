import type { Example, PlaceState, Step, WeightBlock } from '../drawing/shape.js';
import { words } from '../words/words.js';
import type { Reading } from './protocol.js';

/** Letters in the strip. The drawing shows fewer on a narrow screen. */
export const WINDOW = 24;

/**
 * Cuts a window out of a reading for the drawing, ending with one of its symbols. Symbols that have
 * not been read yet are empty places at the end, so the strip fills up from the left and then moves
 * letter by letter.
 * @param last index of the symbol that was read last
 */
export function exampleOf(reading: Reading, last: number, length = WINDOW): Example {
  const { symbols, likeliest, layers, shape } = reading;
  const { hidden } = shape.stack;
  const first = Math.max(0, last - length + 1);
  const places = Array.from({ length }, (_, i) => first + i);
  const isRead = (t: number): boolean => t <= last && t < symbols.length;
  return {
    first: reading.from + first + 1,
    steps: places.map((t): Step =>
      isRead(t) ? { reads: symbols[t], guesses: likeliest[t], comes: symbols.at(t + 1) } : { reads: '' },
    ),
    states: layers.map((layer) => [
      places.map((t): PlaceState => ({
        activations: Object.fromEntries(
          Object.entries(layer).map(([name, values]) => [
            name,
            isRead(t) ? values.subarray(t * hidden, (t + 1) * hidden) : new Float32Array(hidden),
          ]),
        ),
      })),
    ]),
    weights: blocksOf(reading),
  };
}

const blocks = new WeakMap<Reading['matrices'], readonly WeightBlock[]>();

/**
 * The weight matrices with their names. The same network returns the same list, so that it is drawn
 * only once.
 */
function blocksOf({ matrices }: Reading): readonly WeightBlock[] {
  const known = blocks.get(matrices);
  if (known) return known;
  const { weights } = words.now;
  const made = matrices.map(({ name, rows, columns }) => {
    const layer = Number(/_l(\d+)/.exec(name)?.[1] ?? 0);
    const label = name.includes('weight_hh')
      ? weights.before(layer + 1)
      : name.includes('weight_ih')
        ? layer === 0
          ? weights.letters
          : weights.below(layer + 1)
        : name.includes('head')
          ? weights.guesses
          : weights.embedding;
    return { label, rows, columns };
  });
  blocks.set(matrices, made);
  return made;
}
