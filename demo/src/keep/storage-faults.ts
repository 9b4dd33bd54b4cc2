import { faultWords } from '../host/answers.js';
import { count } from '../page/format.js';
import { reasonOf } from './reason.js';
import type { MissingText } from './saved-run.js';

/** Explains why the browser did not store a state, and what to do. */
export async function storageFault(error: unknown, step: number): Promise<string> {
  const { storage } = await faultWords();
  return isQuota(error) ? storage.full(count(step)) : storage.refused(count(step), reasonOf(error));
}

/** Returns why a text is not stored with its run. */
export function missingText(error: unknown): MissingText {
  return isQuota(error) ? { why: 'noRoom' } : { why: 'refused', reason: reasonOf(error) };
}

export function isQuota(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError';
}
