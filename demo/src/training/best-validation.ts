import type { Validation } from './protocol.js';

/** Losses that differ by less than this share count as equal. */
export const NOTABLE = 0.02;
/** Number of measurements that must agree: one or two may be bad by chance. */
export const MEASUREMENTS = 3;
/**
 * Training also ends after so many measurements if the later half of them improved by less than
 * this share.
 */
const STANDSTILL = { measurements: 24, share: 0.005 };

/** Returns the best measurement if the last few were all notably worse. */
export function overFittingSince(validations: readonly Validation[]): Validation | undefined {
  const best = bestOf(validations);
  return best &&
    validations.length > MEASUREMENTS &&
    validations
      .slice(-MEASUREMENTS)
      .every(({ bitsPerChar }) => bitsPerChar > (1 + NOTABLE) * best.bitsPerChar)
    ? best
    : undefined;
}

/**
 * Returns the best held-back measurement of a network that has learned what it can: the last few
 * were notably worse, or the later half of many brought no progress.
 */
export function learnedAt(validations: readonly Validation[]): Validation | undefined {
  const since = overFittingSince(validations);
  if (since || validations.length < STANDSTILL.measurements) return since;
  const half = Math.floor(validations.length / 2);
  const [before, after] = [bestOf(validations.slice(0, half)), bestOf(validations.slice(half))];
  return before && after && after.bitsPerChar > (1 - STANDSTILL.share) * before.bitsPerChar
    ? bestOf(validations)
    : undefined;
}

/** Returns the best measurement; of equal ones the first. */
export function bestOf(validations: readonly Validation[]): Validation | undefined {
  return validations.reduce<Validation | undefined>(
    (best, one) => (best && best.bitsPerChar <= one.bitsPerChar ? best : one),
    undefined,
  );
}
