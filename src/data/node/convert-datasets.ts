import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../../core/errors.js';
import { fileError } from '../../io/file-error.js';
import { recordsToTensors, recordsToText } from '../files/write-records.js';
import { writeIdx } from '../files/idx.js';
import { records, type Records } from '../records.js';
import type { RawFile } from './raw-files.js';

/** A file that is made from downloaded ones. */
export interface ConvertedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Share of the records in the test part. It must not change, so that results stay comparable. */
const HELD_OUT = 0.1;

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Splits records into a training and a test part and makes files of both. */
async function filesOfParts<R extends object>(
  all: readonly R[],
  files: (part: Records<R>, name: 'train' | 'test') => Promise<ConvertedFile[]>,
  stratify?: keyof R & string,
): Promise<ConvertedFile[]> {
  const { train, validation } = records.of(all).split(HELD_OUT, stratify === undefined ? {} : { stratify });
  return [...(await files(train, 'train')), ...(await files(validation, 'test'))];
}

/**
 * The Carnegie Mellon Pronouncing Dictionary as pairs of letters in lower case and phonemes without
 * stress. Only the first pronunciation of a word is used. Entries with digits or points are left
 * out.
 */
export async function convertPhonemes([dictionary]: readonly Uint8Array[]): Promise<ConvertedFile[]> {
  const pairs = new TextDecoder()
    .decode(dictionary)
    .split('\n')
    .flatMap((line) => {
      const [word, phonemes] = line.trimEnd().split('  ');
      return /^[A-Z][A-Z']*$/.test(word) && phonemes !== undefined
        ? [{ source: word.toLowerCase(), target: phonemes.replace(/\d/g, '') }]
        : [];
    });
  return filesOfParts(pairs, async (part, name) => [
    { name: `phonemes.${name}.tsv`, bytes: utf8(await recordsToText(part, 'tsv')) },
  ]);
}

/**
 * First names: a table for classifiers, and for captioners features [rows,2] (female, male) with a
 * table of captions. Names in both lists are left out.
 */
export async function convertNames(lists: readonly Uint8Array[]): Promise<ConvertedFile[]> {
  const [female, male] = lists.map(
    (bytes) => new Set(new TextDecoder().decode(bytes).split('\n').map(trimmed)),
  );
  const rowsOf = (names: ReadonlySet<string>, others: ReadonlySet<string>, label: string) =>
    [...names].filter((text) => text !== '' && !others.has(text)).map((text) => ({ text, label }));
  const all = [...rowsOf(female, male, 'female'), ...rowsOf(male, female, 'male')];
  return filesOfParts(
    all,
    async (part, name) => [
      { name: `names.${name}.csv`, bytes: utf8(await recordsToText(part, 'csv')) },
      ...(await captioned(`names.${name}`, part, ['female', 'male'], ({ text }) => text)),
    ],
    'label',
  );
}

function trimmed(text: string): string {
  return text.trim();
}

/** Features [rows,K], 1 for the label of the record and 0 elsewhere, and a table of captions. */
async function captioned<R extends { readonly label: string }>(
  name: string,
  part: Records<R>,
  labels: readonly string[],
  captionOf: (record: R) => string,
): Promise<ConvertedFile[]> {
  const rows = records.of(
    Array.from(part, (record) => ({
      features: Float32Array.from(labels, (label) => (label === record.label ? 1 : 0)),
      caption: captionOf(record),
    })),
  );
  const captions = records.of(Array.from(rows, ({ caption }) => ({ caption })));
  return [
    { name: `${name}.safetensors`, bytes: recordsToTensors(rows, { features: labels.length }) },
    { name: `${name}.tsv`, bytes: utf8(await recordsToText(captions, 'tsv')) },
  ];
}

/** Rows and columns of a digit. */
const SIDE = 28;
const DIGITS = [...Array(10).keys()].map(String);

/** A handwritten digit: grey levels from 0 to 1, row by row. */
interface Digit {
  readonly label: string;
  readonly pixels: readonly number[];
}

/** The digits of ten files, one for each class. */
function digitsOf(files: readonly Uint8Array[]): Digit[] {
  return files.flatMap((bytes, label) => {
    const { data } = JSON.parse(new TextDecoder().decode(bytes)) as { readonly data: readonly number[] };
    return Array.from({ length: Math.floor(data.length / SIDE ** 2) }, (_, i) => ({
      label: String(label),
      pixels: data.slice(i * SIDE ** 2, (i + 1) * SIDE ** 2),
    }));
  });
}

/** Ten thousand digits of MNIST as pairs of IDX files. */
export function convertDigits(files: readonly Uint8Array[]): Promise<ConvertedFile[]> {
  return filesOfParts(
    digitsOf(files),
    (part, name) => {
      const images = Uint8Array.from(
        [...part].flatMap(({ pixels }) => pixels),
        (level) => Math.round(255 * level),
      );
      const labels = Uint8Array.from(part, ({ label }) => Number(label));
      return Promise.resolve([
        { name: `digits.${name}-images.idx`, bytes: writeIdx([part.length, SIDE, SIDE], images) },
        { name: `digits.${name}-labels.idx`, bytes: writeIdx([part.length], labels) },
      ]);
    },
    'label',
  );
}

/**
 * The same digits as texts, with half the rows and columns. Each pixel is one of four grey levels:
 * `.`, `o`, `O` and `#`. With features [rows,10], which are 1 for the class.
 */
export function convertWrittenDigits(files: readonly Uint8Array[]): Promise<ConvertedFile[]> {
  return filesOfParts(
    digitsOf(files),
    (part, name) => captioned(`written-digits.${name}`, part, DIGITS, ({ pixels }) => levelsOf(pixels)),
    'label',
  );
}

const LEVELS = ['.', 'o', 'O', '#'];

/** Means of 2·2 pixels, as characters of four grey levels. */
function levelsOf(pixels: readonly number[]): string {
  const half = SIDE / 2;
  return Array.from({ length: half * half }, (_, i) => {
    const at = 2 * Math.floor(i / half) * SIDE + 2 * (i % half);
    const mean = (pixels[at] + pixels[at + 1] + pixels[at + SIDE] + pixels[at + SIDE + 1]) / 4;
    return LEVELS[Math.min(LEVELS.length - 1, Math.floor(mean * LEVELS.length))];
  }).join('');
}

/** Keeps the text unchanged. */
export function convertText(name: string): (files: readonly Uint8Array[]) => Promise<ConvertedFile[]> {
  return ([bytes]) => Promise.resolve([{ name, bytes }]);
}

/** Number of characters of a mail that are kept. Most signs of spam are at its beginning. */
const MAIL_CHARACTERS = 2000;

/**
 * The mails of the package, in the order of its list.
 * @throws FileError for a missing file, DataError if the checksum of all mails is another one
 */
export async function readMails(
  folder: string,
  expected: Pick<RawFile, 'sha256'>,
): Promise<{ readonly text: string; readonly label: string }[]> {
  const read = (path: string): Promise<Uint8Array> =>
    readFile(join(folder, 'data', path)).catch((error: unknown) => {
      throw fileError('read', join(folder, 'data', path), error);
    });
  const names = JSON.parse(new TextDecoder().decode(await read('file_list.json'))) as readonly string[];
  const hash = createHash('sha256');
  const mails: { text: string; label: string }[] = [];
  for (const name of names) {
    const bytes = await read(name.replace(/\.txt$/, '.json'));
    hash.update(bytes);
    const { text } = JSON.parse(new TextDecoder().decode(bytes)) as { readonly text: string };
    mails.push({ text: bodyOf(text), label: name.startsWith('spam') ? 'spam' : 'ham' });
  }
  const sha256 = hash.digest('hex');
  if (sha256 !== expected.sha256)
    throw new DataError(
      `${JSON.stringify(folder)} is another version of the package: expected the SHA-256 ` +
        `${expected.sha256} of its mails, got ${sha256}.`,
    );
  return mails;
}

/**
 * Subject and body without HTML tags, with single spaces. Other headers are left out, since they
 * show which collection a mail comes from, and so the label.
 */
function bodyOf(mail: string): string {
  const end = mail.indexOf('\n\n');
  const headers = end < 0 ? '' : mail.slice(0, end);
  const subject = /^subject:(.*)$/im.exec(headers)?.[1] ?? '';
  return `${subject}\n${mail.slice(Math.max(0, end))}`
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MAIL_CHARACTERS);
}

/** Mails as a table. Each text occurs once, although some were sent to several people. */
export function convertMails(
  mails: readonly { readonly text: string; readonly label: string }[],
): Promise<ConvertedFile[]> {
  const different = new Map(mails.filter(({ text }) => text !== '').map((mail) => [mail.text, mail]));
  return filesOfParts(
    [...different.values()],
    async (part, name) => [{ name: `spam.${name}.csv`, bytes: utf8(await recordsToText(part, 'csv')) }],
    'label',
  );
}
