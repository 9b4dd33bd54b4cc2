import { CommanderError } from 'commander';
import { OptionError, UnrolledError } from '../node.js';
import { ForeignFileError, messageOf } from '../graph.js';

/** Exit statuses: see `--help`. */
export const DONE = 0;
export const FAILED = 1;
export const WRONG_USAGE = 2;

/** A command line that cannot be carried out. */
export class UsageError extends UnrolledError {
  override readonly name = 'UsageError';
}

/** The exit status and message for an error. */
export interface Failure {
  readonly status: number;
  /** One line; absent where commander has printed the message already. */
  readonly line: string | undefined;
  readonly stack: string | undefined;
}

/** Turns an error into an exit status and one line. */
export function failureOf(error: unknown): Failure {
  const stack = error instanceof Error ? error.stack : undefined;
  if (error instanceof CommanderError)
    return { status: error.exitCode === 0 ? DONE : WRONG_USAGE, line: undefined, stack: undefined };
  const message = messageOf(error)
    .trim()
    .replace(/\s*\n\s*/g, ' ');
  if (error instanceof OptionError || error instanceof UsageError)
    return { status: WRONG_USAGE, line: message, stack };
  if (error instanceof ForeignFileError)
    return { status: FAILED, line: `${message} Use train --init-from to load only its weights.`, stack };
  if (error instanceof UnrolledError) return { status: FAILED, line: message, stack };
  return {
    status: FAILED,
    line: `${message} (unexpected error: set UNROLLED_DEBUG=1 to see its stack)`,
    stack,
  };
}
