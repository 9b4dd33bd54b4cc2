import { nextMultiple } from '../../../../src/graph.js';

/** Steps between two samples, from step 100 and from step 1000 on, where nobody has chosen. */
const USUAL = [
  { from: 1000, every: 500 },
  { from: 100, every: 100 },
] as const;
/** The first samples, close together: what is noise at first soon is no more. */
const EARLY = [10, 20, 50, 100];

/**
 * The next step after which a sample is due.
 * @param every steps from one sample to the next; 0: none; undefined: after 10, 20, 50, 100, 200, …
 *   1000, 1500, … steps
 */
export function nextSampleStep(step: number, every: number | undefined): number {
  if (every === 0) return Infinity;
  const stride = every ?? USUAL.find(({ from }) => step >= from)?.every;
  if (stride === undefined) return EARLY.find((early) => early > step) ?? Infinity;
  return nextMultiple(step, stride);
}
