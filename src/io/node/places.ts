import { readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';

/** The destination of a write to a path. */
export type Place =
  /** A regular file, which may not exist yet. `target` is its path without symbolic links. */
  | { readonly kind: 'file'; readonly target: string }
  /** A pipe or a character device, which accepts bytes and cannot be replaced by a file. */
  | { readonly kind: 'stream' };

/**
 * The destination of a write to `path`. Follows symbolic links, also to a target that does not
 * exist.
 * @throws Error of the system, or one with the reason: an empty path, a folder, a block device, a
 *   socket
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
 * A text that is equal for two paths exactly if they lead to the same file. It consists of device
 * and inode; for a file that does not exist, of those of its folder and of its name.
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

/** Largest number of links that are followed, as in Linux. More links are taken for a circle. */
const MAX_LINKS = 40;

/** The path with all symbolic links followed. Its last part need not exist. */
async function withoutLinks(path: string, left = MAX_LINKS): Promise<string> {
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
