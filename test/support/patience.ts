/**
 * Milliseconds that a test waits for what must come at some time, in a page or from another
 * process: a loaded machine may be a hundred times slower than a free one. Less than the time limit
 * of a test, so that one that waits in vain says what for.
 */
export const PATIENCE = 120_000;
