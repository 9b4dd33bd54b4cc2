import type { FaultWords } from '../host/page-error.js';
import { bytes } from '../page/format.js';
import { wordsOf } from '../words/parts.js';
import type { MissingText, SavedRun } from './saved-run.js';

/** Explains why a text is not stored with its run. */
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
  const words = await wordsOf('faults');
  return new Map(
    runs.flatMap(({ id, text }) =>
      'missing' in text && text.missing !== undefined ? [[id, missingSentence(text.missing, words)]] : [],
    ),
  );
}
