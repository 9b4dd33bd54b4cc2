import { faultWords } from '../host/answers.js';
import type { FaultWords } from '../host/page-error.js';
import { bytes, count } from '../page/format.js';
import { reasonOf } from './reason.js';
import type { MissingText, SavedRun } from './saved-run.js';

/** Explains why the browser did not store a state, and what to do. */
export async function storageFault(error: unknown, step: number): Promise<string> {
  const { storage } = await faultWords();
  return isQuota(error) ? storage.full(count(step)) : storage.refused(count(step), reasonOf(error));
}

/** Returns why a text is not stored with its run. */
export function missingText(error: unknown): MissingText {
  return isQuota(error) ? { why: 'noRoom' } : { why: 'refused', reason: reasonOf(error) };
}

/** The same in a sentence. */
export function missingSentence(missing: MissingText, { storage }: Pick<FaultWords, 'storage'>): string {
  if (typeof missing === 'string') return missing;
  switch (missing.why) {
    case 'noRoom':
      return storage.noRoom;
    case 'refused':
      return storage.textRefused(missing.reason);
    case 'tooLarge':
      return storage.textTooLarge(bytes(missing.size), bytes(missing.most));
  }
}

/** Returns the sentences of those runs whose text is not stored, by the id of the run. */
export async function missingSentences(
  runs: readonly Pick<SavedRun, 'id' | 'text'>[],
): Promise<ReadonlyMap<string, string>> {
  const words = await faultWords();
  return new Map(
    runs.flatMap(({ id, text }) =>
      'missing' in text && text.missing !== undefined ? [[id, missingSentence(text.missing, words)]] : [],
    ),
  );
}

export function isQuota(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError';
}
