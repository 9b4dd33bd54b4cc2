import { onlyKnown, wholeNumber } from '../../core/options.js';
import { between, pick } from '../../text/synthetic/language.js';
import type { Records } from '../records.js';
import { madeRecords, type ToyOptions } from './options.js';

/** Options of `temporalOrder`. */
export interface TemporalOrderOptions extends ToyOptions {
  /** T: number of symbols of a text, at least 20. Default 50. */
  readonly time?: number;
  /** Number of relevant symbols: 2 (4 labels) or 3 (8 labels). Default 2. */
  readonly marks?: number;
}

const NOISE = ['a', 'b', 'c', 'd'] as const;
const MARKS = ['X', 'Y'] as const;

/**
 * By number of marks: their ranges as shares of the text, as in the tasks 6a and 6b of the paper.
 */
const PLACES: Readonly<Record<number, readonly (readonly [number, number])[]>> = {
  2: [
    [0.1, 0.2],
    [0.5, 0.6],
  ],
  3: [
    [0.1, 0.2],
    [0.33, 0.43],
    [0.66, 0.76],
  ],
};

/**
 * The temporal order problem (Hochreiter and Schmidhuber, 1997, tasks 6a and 6b): texts of a, b, c
 * and d that begin with E and end with B, with an X or Y at two or three distant places. The label
 * is the sequence of these symbols, such as `XY`, so a network must remember which came first.
 */
export function temporalOrder(options: TemporalOrderOptions): Records<{ text: string; label: string }> {
  onlyKnown('temporalOrder', options, ['count', 'seed', 'time', 'marks']);
  const time = wholeNumber('time', options.time ?? 50, 20);
  const places = PLACES[wholeNumber('marks', options.marks ?? 2, 2, 3)];
  return madeRecords(options, (random) => {
    const symbols: string[] = Array.from({ length: time }, () => pick(random, NOISE));
    [symbols[0], symbols[time - 1]] = ['E', 'B'];
    const label = places.map(([from, to]) => {
      const mark = pick(random, MARKS);
      symbols[between(random, Math.ceil(from * time), Math.floor(to * time) - 1)] = mark;
      return mark;
    });
    return { text: symbols.join(''), label: label.join('') };
  });
}
