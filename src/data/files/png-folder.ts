import { DataError, messageOf, OptionError } from '../../core/errors.js';
import { checkText, onlyKnown } from '../../core/options.js';
import { FileError } from '../../io/file-error.js';
import type { FileSource } from './data-file.js';
import { readPng, type PngImage } from './png.js';

/** The path of a folder (in Node), or a list of Files. */
export type PngFiles = string | Iterable<File>;

/** Options of `records.png`. */
export interface PngOptions {
  /** The entry with the path of the file in the folder. Default `file`. */
  readonly file?: string;
}

/**
 * The images that a table names. All must have the same size.
 * @param rows the table
 * @throws DataError for a row without a name, a file that is missing or cannot be read, and images
 *   of different sizes or channels; OptionError unless `files` is a folder or a list of files
 */
export async function readPngFolder(
  files: PngFiles,
  rows: NamedRows,
  options: PngOptions,
): Promise<PngImage[]> {
  onlyKnown('png', options, ['file']);
  const { file: entry = 'file' } = options;
  checkText('file', entry);
  const find = finder(files);
  const found: PngImage[] = [];
  let first: { readonly name: string; readonly size: string } | undefined;
  for (const row of rows) {
    const where = rows.nameOf(found.length);
    const name = nameIn(row, entry, where);
    const image = await readPng(find(name, where)).catch((error: unknown) => {
      if (!(error instanceof FileError)) throw error;
      throw new DataError(`${where} names ${JSON.stringify(name)}: ${messageOf(error)}`, { cause: error });
    });
    const size = `${image.rows}·${image.columns} pixels with ${image.channels} ${CHANNELS[image.channels]}`;
    first ??= { name, size };
    if (size !== first.size)
      throw new DataError(
        `${where}: ${JSON.stringify(name)} has ${size}, but ${JSON.stringify(first.name)} has ` +
          `${first.size}. All images need the same rows, columns and channels.`,
      );
    found.push(image);
  }
  return found;
}

/** Records with their names in messages. */
interface NamedRows extends Iterable<object> {
  nameOf(place: number): string;
}

/** By number of channels: their name in messages. */
const CHANNELS: Readonly<Record<number, string>> = {
  1: 'channel (grey)',
  2: 'channels (grey, alpha)',
  3: 'channels (colours)',
  4: 'channels (colours, alpha)',
};

function nameIn(row: object, entry: string, where: string): string {
  const name = (row as Readonly<Record<string, unknown>>)[entry];
  if (typeof name === 'string' && name !== '') return name;
  throw new DataError(
    `${where}: expected the name of a PNG file in "${entry}", but ` +
      (name === undefined
        ? `it has ${Object.keys(row)
            .map((key) => `"${key}"`)
            .join(', ')}.`
        : `there is ${JSON.stringify(name)}.`),
  );
}

/** Makes a function that finds a file by the name in a record. */
function finder(files: PngFiles): (name: string, where: string) => FileSource {
  if (typeof files === 'string' && files !== '') return (name) => `${files.replace(/[\\/]$/, '')}/${name}`;
  const isList = typeof files === 'object' && files !== null && Symbol.iterator in files;
  const list = isList ? [...files] : [];
  if (list.length === 0 || !list.every((file) => file instanceof File))
    throw new OptionError('files', files, "the path of a folder, such as 'images', or a list of Files");
  const byName = new Map<string, File>();
  for (const file of list) {
    const name = nameOf(file);
    if (byName.has(name))
      throw new DataError(`Two of the files are named ${JSON.stringify(name)}: rename one of them.`);
    byName.set(name, file);
  }
  return (name, where) => {
    const file = byName.get(name);
    if (file) return file;
    throw new DataError(
      `${where} names ${JSON.stringify(name)}, which is none of the ${list.length} files; the first is ` +
        `${JSON.stringify(nameOf(list[0]))}.`,
    );
  };
}

/** The name of a file, or its path in the chosen folder if a folder was chosen. */
function nameOf({ name, webkitRelativePath: path }: File): string {
  return path ? path.slice(path.indexOf('/') + 1) : name;
}
