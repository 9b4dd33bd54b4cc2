import type { Writable } from 'node:stream';
import { fileError } from '../node.js';
import { FAILED } from './failure.js';

/** Where a command writes. Results go to `out`, everything else to `error`. */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  /** Standard error where a person watches it: progress goes there and nowhere else. */
  readonly screen: Writable | undefined;
}

/**
 * The terminal of this process. Where standard output can no longer be written, a run that takes
 * interruptions takes that as one, and everything else ends: in silence where the reader went away
 * (`| head`), with the reason and status 1 where the disk is full.
 */
export function processTerminal(): Terminal {
  let reported = false;
  process.stdout.on('error', (error: Error) => {
    const status = isReaderGone(error) ? INTERRUPTED : FAILED;
    if (status === FAILED && !reported) {
      reported = true;
      process.stderr.write(`unrolled: ${fileError('write', 'standard output', error).message}\n`);
      // Whatever the command makes of the interruption: its output is not complete.
      process.once('exit', () => (process.exitCode = FAILED));
    }
    if (process.listenerCount('SIGINT') === 0) process.exit(status);
  });
  // Nobody is left to be told.
  process.stderr.on('error', () => undefined);
  return {
    out: (text) => void process.stdout.write(text),
    error: (text) => void process.stderr.write(text),
    screen: process.stderr.isTTY ? process.stderr : undefined,
  };
}

/** Standard input as UTF-8 text. A byte-order mark is dropped. */
export async function* processInput(): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  for await (const bytes of process.stdin as AsyncIterable<Uint8Array>)
    yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}

/** A pipe without a reader, or a terminal that was closed. */
function isReaderGone(error: Error): boolean {
  return 'code' in error && (error.code === 'EPIPE' || (error.code === 'EIO' && process.stdout.isTTY));
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

/** Signals that ask a program to end. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Ctrl-C, SIGTERM, SIGHUP (the terminal was closed) and a standard output that cannot be written
 * ask to stop; a second signal ends the process at once.
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
  const outputGone = (): void => {
    if (!controller.signal.aborted) stop();
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  process.stdout.on('error', outputGone);
  return {
    signal: controller.signal,
    release() {
      for (const signal of SIGNALS) process.off(signal, stop);
      process.stdout.off('error', outputGone);
    },
  };
}
