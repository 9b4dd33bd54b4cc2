import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { TaskSource } from './made-up-task.js';
import type { TextSource } from './text-source.js';

/**
 * A text as stored in a checkpoint. The path of a file is relative to the checkpoint, so that a
 * folder with both can be moved. `absolute` finds the text of a checkpoint that was moved alone.
 */
export type StoredText = TextSource & { readonly absolute?: string };

/** The entry of a text for a checkpoint that is written to `out`. */
export async function storedText(
  text: TextSource | TaskSource,
  out: string,
): Promise<StoredText | TaskSource> {
  if (text.kind !== 'file' && text.kind !== 'ids') return text;
  return { ...text, ...(await storedPath(text.from, out)) };
}

/** A file as stored in a checkpoint: see `StoredText`. */
export interface StoredPath {
  readonly from: string;
  readonly absolute?: string;
}

/** The entry of a file for a checkpoint that is written to `out`. @param path absolute */
export async function storedPath(path: string, out: string): Promise<StoredPath> {
  const from = relative(await folderOf(out), join(await realFolder(path), basename(path)));
  if (isAbsolute(from)) return { from: path }; // on another drive of Windows
  return { from: from.split(sep).join('/'), absolute: path };
}

/**
 * Paths where the text of a checkpoint may be: the former path relative to the checkpoint, the former
 * absolute path, and the checkpoint's folder.
 * @param path of the checkpoint
 */
export async function placesOfText(
  path: string,
  from: string,
  absolute: string | undefined,
): Promise<string[]> {
  const folder = await folderOf(path);
  const name = from.split(/[\\/]/).at(-1) ?? from;
  const places = [resolve(folder, from), ...(absolute === undefined ? [] : [absolute]), join(folder, name)];
  return [...new Set(places)];
}

/** The first path that exists. */
export function firstThere(places: readonly string[]): string | undefined {
  return places.find((place) => existsSync(place));
}

/** The folder of a checkpoint; if its path is a link, that of the target. */
async function folderOf(path: string): Promise<string> {
  const file = await realpath(path).catch(() => undefined);
  return file === undefined ? realFolder(path) : dirname(file);
}

/** The folder of a path, with links resolved. */
async function realFolder(path: string): Promise<string> {
  const folder = dirname(resolve(path));
  return realpath(folder).catch(() => folder);
}
