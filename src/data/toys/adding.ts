import { onlyKnown, wholeNumber } from '../../core/options.js';
import type { Records } from '../records.js';
import { madeRecords, type ToyOptions } from './options.js';

/** Options of `adding`. */
export interface AddingOptions extends ToyOptions {
  /** T. Default 50. */
  readonly time?: number;
}

/**
 * The adding problem (Hochreiter and Schmidhuber, 1997): each step has a number from [0, 1) and a
 * mark, which is 1 at one step of each half and 0 elsewhere. The target is the sum of the two
 * marked numbers. A network must store a number over many steps; the constant answer 1 has the mean
 * squared error 1/6.
 * - `steps` `[T·2]`: T steps of number and mark
 * - `sum`: the sum of the two marked numbers
 */
export function adding(options: AddingOptions): Records<{ steps: Float32Array; sum: number }> {
  onlyKnown('adding', options, ['count', 'seed', 'time']);
  const time = wholeNumber('time', options.time ?? 50, 2);
  const half = Math.floor(time / 2);
  return madeRecords(options, (random) => {
    const steps = new Float32Array(2 * time);
    for (let t = 0; t < time; t++) steps[2 * t] = random.uniform();
    const marked = [random.below(half), half + random.below(time - half)];
    for (const t of marked) steps[2 * t + 1] = 1;
    return { steps, sum: steps[2 * marked[0]] + steps[2 * marked[1]] };
  });
}
