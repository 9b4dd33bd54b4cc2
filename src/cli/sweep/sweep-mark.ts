import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileError } from '../../node.js';
import { trialsFolder } from './trial-files.js';

/**
 * The mark of a sweep lies beside its trials: a worker on another machine sees by it that it has the
 * same folder, and a coordinator finds the jobs of a former one.
 */
export function sweepMark(record: string): string {
  const known = readMark(record);
  if (known !== undefined) return known;
  const mark = randomUUID();
  const folder = trialsFolder(record);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, FILE), `${mark}\n`);
  } catch (error) {
    throw fileError('write', folder, error);
  }
  return mark;
}

/** The mark, where there is one. */
export function readMark(record: string): string | undefined {
  try {
    return readFileSync(join(trialsFolder(record), FILE), 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

const FILE = 'sweep';
