import type { Reference } from '../../plan/op.js';

/** Bounds of the factor: no gradient needs less, and a larger one could exceed single precision. */
const [LEAST, MOST] = [1, 2 ** 24];

/**
 * A skipped step: scale/2, 0. The growEvery-th other one in a row: 2·scale, 0. Else scale, steps + 1.
 */
export const forward: Reference = ({ report, state }, _, { growEvery }) => {
  const [scale, steps] = state;
  const skipped = report[2] === 0;
  const grows = !skipped && steps + 1 >= Number(growEvery);
  if (skipped) state[0] = Math.max(LEAST, scale / 2);
  if (grows) state[0] = Math.min(MOST, 2 * scale);
  state[1] = skipped || grows ? 0 : steps + 1;
};
