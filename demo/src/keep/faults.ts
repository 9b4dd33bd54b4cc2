import { faultWords } from '../host/answers.js';
import { bytes, count } from '../page/format.js';
import { reasonOf } from './reason.js';

/** Why the browser did not store a state, and what helps. */
export async function storageFault(error: unknown, step: number): Promise<string> {
  const { storage } = await faultWords();
  return isQuota(error) ? storage.full(count(step)) : storage.refused(count(step), reasonOf(error));
}

/** Why a text is not kept with its run. */
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
