import type { Validation } from './protocol.js';

/** A surprise that differs by less than this share is the same. */
export const NOTABLE = 0.02;
/** One or two measurements on the text that is held back may be bad by chance. */
export const MEASUREMENTS = 3;
/** So many measurements without progress in their later half, less than this share, are the end, too. */
const STANDSTILL = { measurements: 24, share: 0.005 };

/** The best measurement, where the last few were all notably worse. */
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
 * Where a network had learned what it can of a text: its best measurement on the part that is held
 * back, once the last few are notably worse, or nothing has been gained in the later half of many.
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

/** The best measurement, of equal ones the first. */
export function bestOf(validations: readonly Validation[]): Validation | undefined {
  return validations.reduce<Validation | undefined>(
    (best, one) => (best && best.bitsPerChar <= one.bitsPerChar ? best : one),
    undefined,
  );
}
