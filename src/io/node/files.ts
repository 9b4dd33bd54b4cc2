import { randomBytes } from 'node:crypto';
import { access, constants, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileError } from '../file-error.js';

/** Reads a whole file. @throws FileError in one line: no such file, a folder, no permission */
export async function readFileBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const { buffer, byteOffset, byteLength } = await readFile(path);
    return new Uint8Array(buffer, byteOffset, byteLength); // no Buffer: its slice() does not copy
  } catch (error) {
    throw fileError('read', path, error);
  }
}

/**
 * Writes a file so that at every moment, a crash or a full disk included, `path` holds either its
 * old content or all of the new: a temporary file in the same folder is written, brought to disk
 * and renamed. Where `path` is a symbolic link, its target is replaced.
 * @throws FileError in one line: disk full, no such folder, no permission, read-only; the old file
 *   is then as it was
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array): Promise<void> {
  let temporary: string | undefined;
  try {
    const target = await realpath(path).catch(() => path);
    const folder = dirname(target);
    temporary = join(folder, `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
    const file = await open(temporary, 'wx', await modeOf(target));
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
    await syncFolder(folder);
  } catch (error) {
    if (temporary !== undefined) await rm(temporary, { force: true }).catch(() => undefined);
    throw fileError('write', path, error);
  }
}

/**
 * Permissions for the new file: those of the old one, which must be writable, though a rename would
 * not ask.
 */
async function modeOf(target: string): Promise<number> {
  const old = await stat(target).catch(() => undefined);
  if (!old) return 0o666;
  await access(target, constants.W_OK);
  return old.mode & 0o777;
}

/** What file systems answer that cannot, or need not, sync a folder. */
const NO_FOLDER_SYNC = ['EINVAL', 'ENOTSUP', 'EISDIR', 'EPERM', 'EACCES'];

/** Brings a rename to disk. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && NO_FOLDER_SYNC.includes(String(error.code))))
      throw error;
  }
}
