import { mkdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../../io/node/cache-folder.js';
import { readFileBytes, writeFileAtomic } from '../../io/node/files.js';
import type { TuningStore } from './record.js';

/** The file of measured variants of this user: `tuning.json` in the cache folder. */
export function tuningFile(): string {
  return join(cacheFolder(), 'tuning.json');
}

/**
 * Keeps measured variants in a file, whose folder is made where there is none.
 * @param path default `tuningFile()`
 */
export function tuningFileStore(path: string = tuningFile()): TuningStore {
  return {
    read: async () => (existsSync(path) ? new TextDecoder().decode(await readFileBytes(path)) : undefined),
    write: async (text) => {
      await mkdir(dirname(path), { recursive: true });
      await writeFileAtomic(path, new TextEncoder().encode(text));
    },
  };
}
