import { randomBytes } from 'node:crypto';
import { access, constants, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FileError, fileError } from '../file-error.js';
import { placeOf, type Place } from './places.js';

/** Reads a whole file. @throws FileError with the reason: no such file, a folder, no permission */
export async function readFileBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const { buffer, byteOffset, byteLength } = await readFile(path);
    return new Uint8Array(buffer, byteOffset, byteLength); // not a Buffer, whose slice() does not copy
  } catch (error) {
    throw fileError('read', path, error);
  }
}

/**
 * Writes a file atomically: even after a crash or with a full disk, `path` has either its old
 * content or all of the new one. Writes a temporary file in the same folder, syncs it to disk and
 * renames it. If `path` is a symbolic link, the link stays and its target is replaced. Writes to a
 * pipe or a character device directly.
 * @throws FileError with the reason: disk full, no such folder, no permission, read-only, a socket
 *   or block device. The old file is then unchanged
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array): Promise<void> {
  let temporary: string | undefined;
  try {
    const place = await placeOf(path);
    if (place.kind === 'stream') {
      await writeFile(path, bytes);
      return;
    }
    temporary = temporaryName(place);
    const file = await open(temporary, 'wx', await modeOf(place.target));
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, place.target);
    await syncFolder(dirname(place.target));
  } catch (error) {
    if (temporary !== undefined) await rm(temporary, { force: true }).catch(() => undefined);
    throw fileError('write', path, error);
  }
}

/**
 * Checks whether `writeFileAtomic` can write to `path`, so that a long training does not fail at
 * its end. It performs the same steps, but does not change the file. Pipes and devices are refused,
 * since their content cannot be read again.
 * @throws FileError with the reason: a folder, an empty path, no such folder, a name that is too
 *   long, no permission, a pipe or a device
 */
export async function checkFileWritable(path: string): Promise<void> {
  try {
    const place = await placeOf(path);
    if (place.kind === 'stream')
      throw new Error('it is a pipe or a device, which keeps no file: choose a regular file');
    const temporary = temporaryName(place);
    const file = await open(temporary, 'wx', await modeOf(place.target));
    await file.close().finally(() => rm(temporary, { force: true }));
  } catch (error) {
    throw fileError('write', path, error);
  }
}

/**
 * Checks that a file does not exist or has the given content.
 * @throws FileError if it has other content; the message names `--overwrite`
 */
export async function checkSameContent(path: string, bytes: Uint8Array): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (!there || there.isFIFO() || there.isCharacterDevice()) return;
  if (there.isFile() && there.size === bytes.length && Buffer.compare(await readFileBytes(path), bytes) === 0)
    return;
  throw otherContent(path);
}

/** The error for an existing file with other content. */
export function otherContent(path: string): FileError {
  return new FileError(
    `Cannot write ${JSON.stringify(path)}: it exists and has other content. Choose another place, or allow ` +
      'it to be replaced with --overwrite.',
    path,
    'EEXIST',
  );
}

/** A name that does not contain that of the target, which may already have the largest length. */
function temporaryName({ target }: Extract<Place, { kind: 'file' }>): string {
  return join(dirname(target), `.unrolled-${randomBytes(6).toString('hex')}.tmp`);
}

/**
 * Permissions of the new file: those of the old one. Checks that the old file is writable, which a
 * rename would not.
 */
async function modeOf(target: string): Promise<number> {
  const old = await stat(target).catch(() => undefined);
  if (!old) return 0o666;
  await access(target, constants.W_OK);
  return old.mode & 0o777;
}

/** Codes of file systems that cannot, or need not, sync a folder. */
const NO_FOLDER_SYNC = ['EINVAL', 'ENOTSUP', 'EISDIR', 'EPERM', 'EACCES'];

/** Syncs a rename to disk. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && NO_FOLDER_SYNC.includes(String(error.code))))
      throw error;
  }
}
