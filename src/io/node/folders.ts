import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileError } from '../file-error.js';
import { checkFileWritable } from './files.js';

/**
 * Makes a folder, and the folders above it that do not exist. The option `recursive` of Node's
 * `mkdir` is not used, because it does not return for a folder inside `/proc`.
 * @returns the paths of the folders that were made, the outermost first
 * @throws FileError with the reason: no permission, read-only, a part of the path is a file
 */
export function makeFolder(path: string): string[] {
  try {
    return makeMissing(resolve(path));
  } catch (error) {
    throw fileError('write', path, error);
  }
}

function makeMissing(path: string): string[] {
  if (isFolder(path)) return [];
  const parent = dirname(path);
  const above = parent === path ? [] : makeMissing(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    // Another process may have made the folder in the meantime.
    if (isFolder(path)) return above;
    throw Object.assign(new Error('it is not a folder', { cause: error }), { code: 'ENOTDIR' });
  }
  return [...above, path];
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * Checks whether files can be written into a folder, which is made if it does not exist, and then
 * removed again.
 * @throws FileError with the reason
 */
export async function checkFolderWritable(path: string): Promise<void> {
  const made = makeFolder(path);
  try {
    await checkFileWritable(join(path, 'file'));
  } finally {
    for (const folder of made.reverse()) removeEmpty(folder);
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Another process has written into the folder since.
  }
}
