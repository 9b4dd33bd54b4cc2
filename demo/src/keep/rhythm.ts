/** Least milliseconds from one autosave to the next. */
const LEAST_MS = 2000;
/** A new run is worth keeping soon: somebody has just pasted a text. */
const FIRST_MS = 1000;
/** Saving may take this share of the time. */
const SHARE = 0.05;
/**
 * Bytes that are written in a millisecond at most, on average: large networks must not wear out a
 * disk.
 */
const BYTES_PER_MS = 2000;

/**
 * Milliseconds until the next autosave, after one that took `ms` and had so many bytes.
 * @param first whether the one to come is the first of the run
 */
export function untilNextSave(ms: number, bytes: number, first = false): number {
  return Math.max(first ? FIRST_MS : LEAST_MS, ms / SHARE, bytes / BYTES_PER_MS);
}
