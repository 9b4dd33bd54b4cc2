import { faultWords } from '../host/answers.js';
import { bytes, count } from '../page/format.js';
import { reasonOf } from './reason.js';

/** Explains why the browser did not store a state, and what to do. */
export async function storageFault(error: unknown, step: number): Promise<string> {
  const { storage } = await faultWords();
  return isQuota(error) ? storage.full(count(step)) : storage.refused(count(step), reasonOf(error));
}

/** Explains why a text is not stored with its run. */
export async function textFault(error: unknown): Promise<string> {
  const { storage } = await faultWords();
  return isQuota(error) ? storage.noRoom : storage.textRefused(reasonOf(error));
}

/** The same of a text that is too large, in bytes. */
export async function sizeFault(size: number, most: number): Promise<string> {
  return (await faultWords()).storage.textTooLarge(bytes(size), bytes(most));
}

export function isQuota(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError';
}
