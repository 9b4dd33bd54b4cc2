import { nextMultiple } from '../../../../src/graph.js';

/** Default steps between two samples, from step 100 and from step 1000 on. */
const USUAL = [
  { from: 1000, every: 500 },
  { from: 100, every: 100 },
] as const;
/** The steps of the first samples, close together because the network changes fast at first. */
const EARLY = [10, 20, 50, 100];

/**
 * Returns the next step after which a sample is due.
 * @param every steps between two samples; 0 for none; undefined for 10, 20, 50, 100, 200, … 1000,
 *   1500, …
 */
export function nextSampleStep(step: number, every: number | undefined): number {
  if (every === 0) return Infinity;
  const stride = every ?? USUAL.find(({ from }) => step >= from)?.every;
  if (stride === undefined) return EARLY.find((early) => early > step) ?? Infinity;
  return nextMultiple(step, stride);
}
