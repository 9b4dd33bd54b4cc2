/**
 * Milliseconds that a test waits for something in a page or another process: a loaded machine may
 * be a hundred times slower than a free one. It is less than the time limit of a test, so that a
 * test that waits in vain reports what it waited for.
 */
export const PATIENCE = 120_000;
