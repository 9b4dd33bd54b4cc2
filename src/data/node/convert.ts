import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../../core/errors.js';
import { fileError } from '../../io/file-error.js';
import { recordsToTensors, recordsToText } from '../files/write-records.js';
import { writeIdx } from '../files/write-idx.js';
import { records, type Records } from '../records.js';
import type { RawFile } from './raw-files.js';

/** A file that is made of raw ones. */
export interface ConvertedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Share of the records in the held-out part, which is the same for everybody. */
const HELD_OUT = 0.1;

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Both parts of records as files, each by its part's name. */
async function parts<R extends object>(
  all: readonly R[],
  files: (part: Records<R>, name: 'train' | 'test') => Promise<ConvertedFile[]>,
  stratify?: keyof R & string,
): Promise<ConvertedFile[]> {
  const { train, validation } = records.of(all).split(HELD_OUT, stratify === undefined ? {} : { stratify });
  return [...(await files(train, 'train')), ...(await files(validation, 'test'))];
}

/**
 * The Carnegie Mellon Pronouncing Dictionary as pairs: letters in lower case, and phonemes without
 * stress. Of a word with several pronunciations the first one counts; entries with digits or points
 * are left out.
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
  return parts(pairs, async (part, name) => [
    { name: `phonemes.${name}.tsv`, bytes: utf8(await recordsToText(part, 'tsv')) },
  ]);
}

/**
 * First names as a table for classifiers, and for captioners as features [rows,2] (female, male)
 * beside captions. Names that are in both lists are left out.
 */
export async function convertNames(lists: readonly Uint8Array[]): Promise<ConvertedFile[]> {
  const [female, male] = lists.map(
    (bytes) => new Set(new TextDecoder().decode(bytes).split('\n').map(trimmed)),
  );
  const rowsOf = (names: ReadonlySet<string>, others: ReadonlySet<string>, label: string) =>
    [...names].filter((text) => text !== '' && !others.has(text)).map((text) => ({ text, label }));
  const all = [...rowsOf(female, male, 'female'), ...rowsOf(male, female, 'male')];
  return parts(
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

/** Features of which the record's label has a one, beside a table of captions. */
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

/** The digits of ten files, each of a class. @throws DataError for a file of another form */
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
  return parts(
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
 * The same digits as texts of half their rows and columns, pixel by pixel: `.`, `o`, `O` and `#`
 * are four grey levels. Beside them features [rows,10], which tell the class.
 */
export function convertWrittenDigits(files: readonly Uint8Array[]): Promise<ConvertedFile[]> {
  return parts(
    digitsOf(files),
    (part, name) => captioned(`written-digits.${name}`, part, DIGITS, ({ pixels }) => levelsOf(pixels)),
    'label',
  );
}

const LEVELS = ['.', 'o', 'O', '#'];

/** Means of two by two pixels, in four levels. */
function levelsOf(pixels: readonly number[]): string {
  const half = SIDE / 2;
  return Array.from({ length: half * half }, (_, i) => {
    const at = 2 * Math.floor(i / half) * SIDE + 2 * (i % half);
    const mean = (pixels[at] + pixels[at + 1] + pixels[at + SIDE] + pixels[at + SIDE + 1]) / 4;
    return LEVELS[Math.min(LEVELS.length - 1, Math.floor(mean * LEVELS.length))];
  }).join('');
}

/** A text as it is. */
export function convertText(name: string): (files: readonly Uint8Array[]) => Promise<ConvertedFile[]> {
  return ([bytes]) => Promise.resolve([{ name, bytes }]);
}

/** Characters of a mail that are kept: most of what tells ham from spam is at the beginning. */
const MAIL_CHARACTERS = 2000;

/** The mails of the package, in the order of its list, and a checksum of all of them. */
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
      `${JSON.stringify(folder)} is another version of the package: SHA-256 ${expected.sha256} of its mails was ` +
        `expected, ${sha256} came.`,
    );
  return mails;
}

/**
 * Subject and body without marks of HTML and with single spaces. The other headers are left out: they
 * tell the collection that a mail is from.
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

/** Mails as a table, each text once: some were sent to several people. */
export function convertMails(
  mails: readonly { readonly text: string; readonly label: string }[],
): Promise<ConvertedFile[]> {
  const different = new Map(mails.filter(({ text }) => text !== '').map((mail) => [mail.text, mail]));
  return parts(
    [...different.values()],
    async (part, name) => [{ name: `spam.${name}.csv`, bytes: utf8(await recordsToText(part, 'csv')) }],
    'label',
  );
}
