import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileError, makeFolder } from '../../node.js';
import { trialsFolder } from './trial-files.js';

/**
 * Returns the mark of a sweep, a random text in a file beside its trials. Makes the file if there is
 * none. By the mark, a worker on another machine checks that it has the same folder, and a
 * coordinator finds the jobs of an earlier one.
 * @param record path of the record
 * @throws FileError
 */
export function sweepMark(record: string): string {
  const known = readMark(record);
  if (known !== undefined) return known;
  const mark = randomUUID();
  const folder = trialsFolder(record);
  makeFolder(folder);
  try {
    writeFileSync(join(folder, FILE), `${mark}\n`);
  } catch (error) {
    throw fileError('write', folder, error);
  }
  return mark;
}

/** Returns the mark of a sweep; undefined if there is none. */
export function readMark(record: string): string | undefined {
  try {
    return readFileSync(join(trialsFolder(record), FILE), 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

const FILE = 'sweep';
