import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../../io/node/cache-folder.js';
import { readFileBytes, writeFileAtomic } from '../../io/node/files.js';
import { makeFolder } from '../../io/node/folders.js';
import type { TuningStore } from './record.js';

/** Returns the path of this user's measured variants: `tuning.json` in the cache folder. */
export function tuningFile(): string {
  return join(cacheFolder(), 'tuning.json');
}

/**
 * Stores measured variants in a file, and makes its folder if needed.
 * @param path default `tuningFile()`
 */
export function tuningFileStore(path: string = tuningFile()): TuningStore {
  return {
    read: async () => (existsSync(path) ? new TextDecoder().decode(await readFileBytes(path)) : undefined),
    write: async (text) => {
      makeFolder(dirname(path));
      await writeFileAtomic(path, new TextEncoder().encode(text));
    },
  };
}
