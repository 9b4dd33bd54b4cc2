import { OptionError } from '../core/errors.js';
import { hasRecurrentWeights } from '../cells/facts.js';
import { directionsOf, type StackOptions } from './stack-options.js';

/**
 * Largest number of cell steps in a plan, over all layers and directions. Each step is a launch in
 * forward and one in backward, and each launch is an object in memory: planning more steps would
 * take minutes and gigabytes.
 */
const MOST_CELL_STEPS = 250_000;

/** Largest number of elements in a tensor: the largest typed array that every runtime supports. */
const MOST_ELEMENTS = 2 ** 31;

/**
 * Refuses a window that is too large to plan.
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
