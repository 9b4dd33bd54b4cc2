import { OptionError } from '../../../src/index.js';
import { messageOf } from '../../../src/graph.js';
import type { Answer, Entry, Fault } from './messages.js';
import { PageError, type FaultWords } from './page-error.js';

/** An error as plain data, as it is: classes do not survive the way to the page. */
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

/** The sentences of faults in the language of the page, fetched when there is one to tell. */
export async function faultWords(): Promise<FaultWords> {
  const { wordsOf } = await import('../words/parts.js');
  return wordsOf('faults');
}

/**
 * What the engine says, with the labels of fields in place of the names of options, and behind words
 * of the page where this speaks another language.
 */
export async function engineSentence(message: string): Promise<string> {
  return (await import('./engine-words.js')).engineSentence(message, await faultWords());
}

/** What an error says: a fault of the page's own in the language of the page. */
export async function sentenceOf(error: unknown): Promise<string> {
  return (await toldFault(error)).message;
}

/** An error as plain data, in the language of the page. */
export async function toldFault(error: unknown): Promise<Fault> {
  const fault = faultOf(error);
  const words = await faultWords();
  if (error instanceof PageError) {
    const { option } = error;
    return { ...fault, message: error.sentence(words), ...(option === undefined ? {} : { option }) };
  }
  return (await import('./engine-words.js')).toldFault(fault, words);
}

/** Runs `work` and returns its result, or its error, as an answer. */
export async function answer<T>(work: () => T | Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, fault: await toldFault(error) };
  }
}

/**
 * Checks that an entry of the page is a whole number from `least` to `most`, and returns it.
 * @throws OptionError if it is not
 */
export function wholeEntry(option: string, entry: Entry, least: number, most = Infinity): number {
  if (typeof entry === 'number' && Number.isSafeInteger(entry) && entry >= least && entry <= most)
    return entry;
  if (most === Infinity) throw new OptionError(option, entry, `a whole number of at least ${least}`);
  throw new OptionError(option, entry, `a whole number from ${least} to ${most}`);
}

/**
 * Checks that an entry of the page is a finite number of at least 0, and returns it.
 * @throws OptionError if it is not
 */
export function numberEntry(option: string, entry: Entry): number {
  if (typeof entry === 'number' && Number.isFinite(entry) && entry >= 0) return entry;
  throw new OptionError(option, entry, 'a finite number of at least 0');
}
