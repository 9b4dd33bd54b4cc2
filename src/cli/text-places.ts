import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { TaskSource } from './tasks.js';
import type { TextSource } from './texts.js';

/**
 * A text as a checkpoint notes it. The path of a file is relative to the checkpoint, so that a
 * folder with both can be moved; `absolute` finds the text of a checkpoint that was moved alone.
 */
export type NotedText = TextSource & { readonly absolute?: string };

/** Notes a text for a checkpoint that is written to `out`. */
export async function noteText(text: TextSource | TaskSource, out: string): Promise<NotedText | TaskSource> {
  if (text.kind !== 'file' && text.kind !== 'ids') return text;
  return { ...text, ...(await notePath(text.from, out)) };
}

/** A file as a checkpoint notes it: see `NotedText`. */
export interface NotedPath {
  readonly from: string;
  readonly absolute?: string;
}

/** Notes a file for a checkpoint that is written to `out`. @param path absolute */
export async function notePath(path: string, out: string): Promise<NotedPath> {
  const from = relative(await folderOf(out), join(await realFolder(path), basename(path)));
  if (isAbsolute(from)) return { from: path }; // on another drive of Windows
  return { from: from.split(sep).join('/'), absolute: path };
}

/**
 * Where the text of a checkpoint may be now: where it was, seen from the checkpoint; where it was,
 * on this machine; and beside the checkpoint.
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

/** The first of the places with something in it. */
export function firstThere(places: readonly string[]): string | undefined {
  return places.find((place) => existsSync(place));
}

/** The folder that a checkpoint lies in; that of the target where its path is a link. */
async function folderOf(path: string): Promise<string> {
  const file = await realpath(path).catch(() => undefined);
  return file === undefined ? realFolder(path) : dirname(file);
}

/** The folder that a path names, without links on the way. */
async function realFolder(path: string): Promise<string> {
  const folder = dirname(resolve(path));
  return realpath(folder).catch(() => folder);
}
