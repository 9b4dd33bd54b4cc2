import { readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';

/** What a path leads to, for a program that wants to write there. */
export type Place =
  /** A regular file, or nothing yet. `target` is its path without symbolic links. */
  | { readonly kind: 'file'; readonly target: string }
  /** A pipe or a character device: it takes bytes, and cannot be replaced by a file. */
  | { readonly kind: 'stream' };

/**
 * Where a file that is written to `path` would be. A symbolic link leads to its target, also to one
 * that is not there yet.
 * @throws Error of the system, or one whose message is the cause: an empty path, a folder, a block
 *   device, a socket
 */
export async function placeOf(path: string): Promise<Place> {
  if (path === '') throw new Error('its path is empty');
  const there = await stat(path).catch(unlessMissing);
  if (there === undefined) {
    if (path.endsWith('/') || path.endsWith(sep)) throw new Error('its path ends like that of a folder');
    return { kind: 'file', target: await withoutLinks(path) };
  }
  if (there.isFile()) return { kind: 'file', target: await realpath(path) };
  if (there.isFIFO() || there.isCharacterDevice()) return { kind: 'stream' };
  if (there.isDirectory()) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' });
  throw new Error(`it is a ${there.isSocket() ? 'socket' : 'block device'}`);
}

/**
 * A text that two paths share exactly if they lead to the same file: by device and inode, and for a
 * file that is not there yet by those of its folder and its name.
 */
export async function fileIdentity(path: string): Promise<string> {
  const there = await identityOf(path);
  if (there !== undefined) return there;
  const target = await withoutLinks(path).catch(() => resolve(path));
  return `${(await identityOf(dirname(target))) ?? dirname(target)}/${basename(target)}`;
}

async function identityOf(path: string): Promise<string | undefined> {
  const there = await stat(path, { bigint: true }).catch(() => undefined);
  return there && `${there.dev}:${there.ino}`;
}

/** Links that are followed one after the other, as in Linux: more are a circle. */
const MOST_LINKS = 40;

/** A path whose last part need not be there, with every symbolic link on the way followed. */
async function withoutLinks(path: string, left = MOST_LINKS): Promise<string> {
  if (left === 0) throw new Error('its symbolic links go in a circle');
  const folder = await realpath(dirname(path));
  const name = basename(path);
  const link = await readlink(join(folder, name)).catch(() => undefined);
  return link === undefined ? join(folder, name) : withoutLinks(resolve(folder, link), left - 1);
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
