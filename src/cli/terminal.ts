import type { Writable } from 'node:stream';

/** Where a command writes. Results go to `out`, everything else to `error`. */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  /** Standard error where a person watches it: progress goes there and nowhere else. */
  readonly screen: Writable | undefined;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  // The reader went away (`| head`). A run that takes interruptions takes this as one; everything
  // else ends.
  process.stdout.on('error', () => {
    if (process.listenerCount('SIGINT') === 0) process.exit(INTERRUPTED);
  });
  return {
    out: (text) => void process.stdout.write(text),
    error: (text) => void process.stderr.write(text),
    screen: process.stderr.isTTY ? process.stderr : undefined,
  };
}

/** A request to stop after the work under way. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Goes back to the system's way: the process ends at once. */
  release(): void;
}

/** Exit status after an interruption. */
export const INTERRUPTED = 130;

/**
 * Shells and `npx` pass a Ctrl-C on to a program that the terminal has told already: what comes so
 * soon (in milliseconds) is the same request.
 */
const SAME_REQUEST_MS = 500;

/**
 * Ctrl-C, SIGTERM and a reader that went away (`| head`) ask to stop; a second Ctrl-C or SIGTERM
 * ends the process at once.
 * @param onInterrupt called for the first request
 */
export function processInterrupt(onInterrupt: () => void): Interrupt {
  const controller = new AbortController();
  let first = 0;
  const stop = (): void => {
    if (controller.signal.aborted) {
      if (performance.now() - first < SAME_REQUEST_MS) return;
      process.exit(INTERRUPTED);
    }
    first = performance.now();
    controller.abort();
    onInterrupt();
  };
  const readerGone = (): void => {
    if (!controller.signal.aborted) stop();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  process.stdout.on('error', readerGone);
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      process.stdout.off('error', readerGone);
    },
  };
}
