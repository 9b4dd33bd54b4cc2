import type { Writable } from 'node:stream';
import { fileError } from '../node.js';
import { FAILED } from './failure.js';

/** Where a command writes. Results go to `out`, everything else to `error`. */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  /** Standard error, if it is a terminal. Progress is written only there. */
  readonly screen: Writable | undefined;
}

/**
 * The terminal of this process. When standard output can no longer be written, a run that handles
 * interruptions stops as at Ctrl-C, and any other verb ends: silently if the reader has closed the
 * pipe (`| head`), or with the reason and status 1 if the disk is full.
 */
export function processTerminal(): Terminal {
  let reported = false;
  process.stdout.on('error', (error: Error) => {
    const status = isReaderGone(error) ? INTERRUPTED : FAILED;
    if (status === FAILED && !reported) {
      reported = true;
      process.stderr.write(`unrolled: ${fileError('write', 'standard output', error).message}\n`);
      // Whatever the exit status of the interruption is, the output is incomplete.
      process.once('exit', () => (process.exitCode = FAILED));
    }
    if (process.listenerCount('SIGINT') === 0) process.exit(status);
  });
  // No one reads the message any more.
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

/** Whether the pipe has no reader, or the terminal was closed. */
function isReaderGone(error: Error): boolean {
  return 'code' in error && (error.code === 'EPIPE' || (error.code === 'EIO' && process.stdout.isTTY));
}

/** A request to stop after the current work. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Restores the default: a signal ends the process at once. */
  release(): void;
}

/** Exit status after an interruption. */
export const INTERRUPTED = 130;

/**
 * Milliseconds within which a second signal counts as the same request: shells and `npx` forward a
 * Ctrl-C that the terminal has sent already.
 */
const SAME_REQUEST_MS = 500;

/** Signals that ask a program to end. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Handles requests to stop: Ctrl-C, SIGTERM, SIGHUP (the terminal was closed), and a standard output
 * that cannot be written. A second signal ends the process at once.
 * @param onInterrupt called at the first request
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
