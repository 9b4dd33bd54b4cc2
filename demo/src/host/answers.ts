import { OptionError } from '../../../src/index.js';
import { messageOf } from '../../../src/graph.js';
import type { Answer, Entry, Fault } from './messages.js';

/**
 * Converts an error to plain data: messages between page and worker cannot carry class instances.
 */
export function faultOf(error: unknown): Fault {
  const message = messageOf(error);
  if (error instanceof OptionError) {
    const { name, option, accepted, value } = error;
    return {
      name,
      message,
      option,
      accepted,
      ...(typeof value === 'string' || typeof value === 'number' ? { got: String(value) } : {}),
    };
  }
  return { name: error instanceof Error ? error.name : 'Error', message };
}

/** Runs `work` and returns its result, or its error, as an answer. */
export async function answer<T>(work: () => T | Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, fault: faultOf(error) };
  }
}

/**
 * Checks that an entry of the page is a whole number from `least` to `most`, and returns it.
 * @throws OptionError if it is not
 */
export function wholeEntry(option: string, entry: Entry, least: number, most = Infinity): number {
  if (typeof entry === 'number' && Number.isSafeInteger(entry) && entry >= least && entry <= most)
    return entry;
  const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new OptionError(option, entry, `a whole number ${range}`);
}

/**
 * Checks that an entry of the page is a finite number of at least 0, and returns it.
 * @throws OptionError if it is not
 */
export function numberEntry(option: string, entry: Entry): number {
  if (typeof entry === 'number' && Number.isFinite(entry) && entry >= 0) return entry;
  throw new OptionError(option, entry, 'a finite number of at least 0');
}
