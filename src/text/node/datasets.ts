import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { oneOf } from '../../core/options.js';
import { download, type Progress } from './download.js';

/** A well-known corpus that can be downloaded. */
export interface DownloadableText {
  readonly name: string;
  /** What it is, and under which terms. */
  readonly about: string;
  readonly url: string;
  /** Name of the file in the cache folder. */
  readonly file: string;
  /** Size in bytes. */
  readonly bytes: number;
  /** SHA-256 of the file, in hexadecimal. */
  readonly sha256: string;
}

/** Only files whose size and checksum were taken from the file itself. */
export const datasets: readonly DownloadableText[] = [
  {
    name: 'tiny-shakespeare',
    about:
      'Forty thousand lines from the plays of Shakespeare (public domain), the text that character ' +
      'networks are usually tried on.',
    url: 'https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt',
    file: 'tiny-shakespeare.txt',
    bytes: 1_115_394,
    sha256: '86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed',
  },
];

/** How a data set is fetched. */
export interface DownloadOptions {
  /** Where files are kept; default `cacheFolder()`. */
  readonly folder?: string;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

/**
 * The path of a data set, downloaded first where it is not in the cache. Throws an OptionError for
 * an unknown name, and a DataError when it cannot be downloaded; an interrupted download goes on
 * where it stopped.
 */
export async function getDataset(name: string, options: DownloadOptions = {}): Promise<string> {
  const known = datasets.map((dataset) => dataset.name);
  oneOf('name of the data set', name, known);
  const dataset = datasets[known.indexOf(name)];
  const { folder = cacheFolder(), ...rest } = options;
  return download({
    ...rest,
    url: dataset.url,
    path: join(folder, dataset.file),
    bytes: dataset.bytes,
    sha256: dataset.sha256,
  });
}

/**
 * Where downloads are kept: `$XDG_CACHE_HOME/unrolled` or `~/.cache/unrolled`, on Windows
 * `%LOCALAPPDATA%\unrolled`.
 */
export function cacheFolder(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
  home: string = homedir(),
): string {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = environment;
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'unrolled');
  if (platform === 'win32')
    return join(local !== undefined && local !== '' ? local : join(home, 'AppData', 'Local'), 'unrolled');
  return join(home, '.cache', 'unrolled');
}
