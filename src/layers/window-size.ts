import { OptionError } from '../core/errors.js';
import { hasRecurrentWeights } from '../cells/facts.js';
import { directionsOf, type StackOptions } from './stack-options.js';

/**
 * Cell steps of a plan at most, over all layers and directions. A step is a launch forward and one
 * backward, and every launch is an object in memory: with more, planning takes minutes and
 * gigabytes before the first number is computed.
 */
const MOST_CELL_STEPS = 250_000;

/** Elements of a tensor at most: those of the largest typed array that every runtime makes. */
const MOST_ELEMENTS = 2 ** 31;

/**
 * Refuses a window that cannot be planned, before anything is made of its size.
 * @throws OptionError naming the size that is too large
 */
export function checkWindowSize(
  options: StackOptions,
  { T, N }: { readonly T: number; readonly N: number },
): void {
  const rows = options.layers * directionsOf(options);
  const most = Math.floor(MOST_CELL_STEPS / rows);
  if (hasRecurrentWeights(options.cell) && T > most)
    throw new OptionError('time', T, `at most ${most} time steps with ${rows} layers and directions`);
  if (T > MOST_ELEMENTS) throw new OptionError('time', T, `at most ${MOST_ELEMENTS} time steps`);
  if (T * N > MOST_ELEMENTS)
    throw new OptionError('batch', N, `at most ${Math.floor(MOST_ELEMENTS / T)} rows with ${T} time steps`);
}
