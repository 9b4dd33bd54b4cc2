import { basename, resolve } from 'node:path';
import { records as makeRecords, type Records } from '../../node.js';
import { given, madeRecords, TASKS, type MadePlace, type TaskName, type TaskOptions } from '../../graph.js';
import { UsageError } from '../failure.js';
import type { NamedFile } from '../output-files.js';
import {
  idxFiles,
  readCaptioned,
  readPairs,
  readSentences,
  readSteps,
  readTable,
  tableFormat,
  type Reading,
} from '../record-files.js';
import { refuseUnused } from '../unused-options.js';
import { firstThere, storedPath, placesOfText, type StoredPath } from '../text-places.js';
import type { DataFlags } from './options.js';

/** Roles of record files in a task. `images` and `labels` are IDX files, `folder` has PNG files. */
const FILE_ROLES = ['data', 'pairs', 'features', 'captions', 'images', 'labels', 'folder'] as const;
type FileRole = (typeof FILE_ROLES)[number];

/** Location of records: absolute paths, or the name of a made-up data set. */
export interface RecordsPlace {
  readonly files: Readonly<Partial<Record<FileRole, string>>>;
  readonly reading: Reading;
  readonly made?: MadePlace;
}

/** The same, as stored in a checkpoint. */
export interface StoredPlace {
  readonly files: Readonly<Partial<Record<FileRole, StoredPath>>>;
  readonly reading: Reading;
  readonly made?: MadePlace;
}

/** The options that name the files for each task. */
const NEEDED: Readonly<Record<TaskName, readonly (keyof DataFlags)[]>> = {
  classify: ['data', 'idx'],
  tag: ['data'],
  regress: ['data'],
  translate: ['pairs', 'data'],
  caption: ['features', 'captions'],
};

/** The files that the options name. @param learns whether targets are needed, too */
export function placeOf(flags: DataFlags, learns: boolean): RecordsPlace {
  checkReading(flags);
  const { data, pairs, features, captions, idx, images: folder } = flags;
  if ((data ?? folder) !== undefined && idx !== undefined)
    throw new UsageError(
      `--${data === undefined ? 'images' : 'data'} and --idx both name the records: leave one of them out.`,
    );
  if (data !== undefined && pairs !== undefined)
    throw new UsageError('--data and --pairs both name the records: leave one of them out.');
  if (folder !== undefined && data === undefined)
    throw new UsageError('--images FOLDER needs --data TABLE, which names its PNG files.');
  const files = given({
    ...{ data, pairs, features, captions, folder },
    ...(idx === undefined ? {} : idxFiles(idx, learns)),
  });
  const reading = given({
    format: flags.format,
    columns: flags.columns?.split(','),
    header: flags.header === false ? false : undefined,
    separator: flags.separator,
    tensor: flags.tensor,
  });
  return {
    files: Object.fromEntries(Object.entries(files).map(([role, path]) => [role, resolve(path)])),
    reading,
  };
}

/**
 * Checks for options of reading that do not apply to the named files.
 * @throws UsageError
 */
export function checkReading(flags: DataFlags): void {
  const { data, pairs, features, captions } = flags;
  if (features === undefined) refuseUnused(flags, ['tensor'], 'needs --features FILE, whose tensor it names');
  const table = data ?? pairs ?? captions;
  if (table === undefined) {
    const of = 'needs a table, which --data, --pairs or --captions names';
    refuseUnused(flags, ['format', 'columns', 'header', 'separator'], of);
    return;
  }
  const format = tableFormat(table, given({ format: flags.format }), data === undefined);
  if (format !== 'csv')
    refuseUnused(
      flags,
      ['header', 'separator'],
      `only used for CSV files, but ${JSON.stringify(table)} is read as ${format}`,
    );
  if (format === 'jsonl')
    refuseUnused(flags, ['columns'], 'not used for JSON Lines, whose records name their entries');
  if (format === 'csv' && flags.header !== false)
    refuseUnused(
      flags,
      ['columns'],
      'only used for a CSV file without a header (--no-header). To select columns, use --text, --label, --inputs ' +
        'and --target',
    );
}

/** Whether the options name a file of records. */
export function namesFiles({ data, pairs, features, captions, idx, images }: DataFlags): boolean {
  return [data, pairs, features, captions, idx, images].some((path) => path !== undefined);
}

/** @throws UsageError where a file that the task needs is missing */
export function checkComplete(task: TaskName, { files }: RecordsPlace): void {
  const needed = NEEDED[task];
  const has = (name: keyof DataFlags): boolean => (name === 'idx' ? 'images' : name) in files;
  const complete = task === 'caption' ? needed.every(has) : needed.some(has);
  if (!complete)
    throw new UsageError(
      `--task ${task} needs its records: add ${needed
        .map((name) => `--${name} FILE`)
        .join(task === 'caption' ? ' and ' : ' or ')
        .replace('--idx FILE', '--idx IMAGES,LABELS')}.`,
    );
}

/**
 * Reads the records.
 * @param options of the task, which name the columns
 * @param learns whether targets are read, too
 */
export async function readRecords(
  task: TaskName,
  { files, reading, made }: RecordsPlace,
  options: TaskOptions,
  learns: boolean,
): Promise<Records<object>> {
  if (made) return madeRecords(made, options);
  const { read, learnt } = TASKS[task].entries(options);
  const wanted = learns ? [...read, ...learnt] : read;
  const { data, pairs, features, captions, images, labels, folder } = files;
  switch (task) {
    case 'classify': {
      if ((options.as !== undefined) !== hasImages({ files }))
        throw new UsageError(
          options.as === undefined
            ? 'The model reads texts: name them with --data FILE, and leave --idx and --images out.'
            : 'The model reads images: name them with --idx IMAGES,LABELS, or with --images FOLDER and --data TABLE.',
        );
      if (images !== undefined) return makeRecords.idx(images, labels);
      const { text = 'file' } = options;
      const columns = folder === undefined ? wanted : [text, ...(learns ? learnt : [])];
      const rows = await readTable(present(data, '--data'), reading, columns);
      const table = learns ? withNames(rows, learnt[0]) : rows;
      return folder === undefined ? table : makeRecords.png(folder, table, { file: text });
    }
    case 'tag':
      return readSentences(present(data, '--data'), reading, wanted, learns);
    case 'regress':
      return readSteps(present(data, '--data'), reading, wanted);
    case 'translate':
      return readPairs(present(pairs ?? data, '--pairs'), reading, wanted);
    case 'caption':
      return readCaptioned(present(features, '--features'), learns ? captions : undefined, reading);
  }
}

/** Whether the records are images. */
export function hasImages({ files: { images, folder } }: Pick<RecordsPlace, 'files'>): boolean {
  return (images ?? folder) !== undefined;
}

function present(path: string | undefined, option: string): string {
  if (path === undefined) throw new UsageError(`The task needs ${option} FILE.`);
  return path;
}

/** Labels as texts: in JSON they may be numbers, true or false. */
function withNames(table: Records<object>, label: string): Records<object> {
  return table.map((record) => {
    const value = valueOf(record, label);
    const isPlain = typeof value === 'number' || typeof value === 'boolean';
    return isPlain ? { ...record, [label]: String(value) } : record;
  });
}

function valueOf(record: object, name: string): unknown {
  return (record as Readonly<Record<string, unknown>>)[name];
}

/** Every file, for the check that no output destroys one. */
export function inputsOf({ files }: RecordsPlace): NamedFile[] {
  return FILE_ROLES.map((role) => ({
    role: role === 'images' || role === 'labels' ? `--idx (${role})` : optionOf(role).split(' ')[0],
    path: files[role],
  }));
}

/** Names of the files without folders, or of the made-up data set. */
export function fileNames({ files, made }: RecordsPlace): string[] {
  if (made) return [`${made.name}, made up`];
  return FILE_ROLES.flatMap((role) => (files[role] === undefined ? [] : [basename(files[role])]));
}

/** The location as stored in a checkpoint that is written to `out`. */
export async function storedPlace({ files, ...rest }: RecordsPlace, out: string): Promise<StoredPlace> {
  const noted = Object.entries(files).map(
    async ([role, path]) => [role, await storedPath(path, out)] as const,
  );
  return { files: Object.fromEntries(await Promise.all(noted)), ...rest };
}

/**
 * Finds the files of a checkpoint: see `placesOfText`.
 * @param path of the checkpoint
 * @throws UsageError where one no longer exists
 */
export async function findPlace(noted: StoredPlace, path: string): Promise<RecordsPlace> {
  const files: Partial<Record<FileRole, string>> = {};
  for (const role of FILE_ROLES) {
    const file = noted.files[role];
    if (file === undefined) continue;
    const places = await placesOfText(path, file.from, file.absolute);
    const found = firstThere(places);
    if (found === undefined)
      throw new UsageError(
        `${JSON.stringify(path)} was trained on ${JSON.stringify(file.from)}, but there is no file ` +
          `${places.map((place) => JSON.stringify(place)).join(' or ')}: name it with ${optionOf(role)}.`,
      );
    files[role] = found;
  }
  return { ...noted, files };
}

function optionOf(role: FileRole): string {
  if (role === 'folder') return '--images FOLDER';
  return role === 'images' || role === 'labels' ? '--idx IMAGES,LABELS' : `--${role} FILE`;
}
