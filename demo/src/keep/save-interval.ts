/** Least milliseconds between two automatic saves. */
const LEAST_MS = 2000;
/**
 * Milliseconds until the first save of a run. It is short because a visitor may just have pasted a
 * text.
 */
const FIRST_MS = 1000;
/** Largest share of the time that saving may take. */
const SHARE = 0.05;
/** Most bytes written per millisecond on average, so that large networks do not wear out a disk. */
const BYTES_PER_MS = 2000;

/**
 * Returns the milliseconds until the next automatic save, after one that took `ms` and wrote so
 * many bytes.
 * @param first whether the next save is the first of the run
 */
export function untilNextSave(ms: number, bytes: number, first = false): number {
  return Math.max(first ? FIRST_MS : LEAST_MS, ms / SHARE, bytes / BYTES_PER_MS);
}
