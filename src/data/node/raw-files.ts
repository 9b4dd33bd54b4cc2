import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DataError } from '../../core/errors.js';
import { download, isComplete, type Progress } from '../../text/node/download.js';

/** A file in its published form. */
export interface RawFile {
  readonly url: string;
  /** Size in bytes. */
  readonly bytes: number;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
  /** The npm package that contains the same file, and its path in the package. */
  readonly package?: { readonly name: string; readonly path: string };
}

/** Options of `fetchRaw`. */
export interface FetchOptions {
  /** Search npm packages in this folder and the folders above it. Default: the working folder. */
  readonly packagesFrom?: string;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

/**
 * The path of a raw file. Returns the file of an installed npm package if its content is the same.
 * Otherwise downloads it to `path`, unless it is complete already.
 * @throws DataError if the download fails or has another checksum
 */
export async function fetchRaw(raw: RawFile, path: string, options: FetchOptions): Promise<string> {
  const { packagesFrom = process.cwd(), ...rest } = options;
  const { url, bytes, sha256 } = raw;
  if (raw.package) {
    const folder = installedPackage(raw.package.name, packagesFrom);
    const installed = folder === undefined ? undefined : join(folder, raw.package.path);
    if (installed !== undefined && (await isComplete({ path: installed, bytes, sha256 }))) return installed;
  }
  return download({ ...rest, url, path, bytes, sha256 }).catch((error: unknown) => {
    if (!raw.package || !(error instanceof DataError)) throw error;
    throw new DataError(
      `${error.message} Or install its npm package here: ${installCommand(raw.package.name)}.`,
      {
        cause: error,
      },
    );
  });
}

/** The command that installs a package for its data only. */
export function installCommand(name: string): string {
  return `npm install --no-save --ignore-scripts ${name}`;
}

/**
 * The folder of an installed npm package. Undefined if it is not installed.
 * @param from search here and above
 */
export function installedPackage(name: string, from: string): string | undefined {
  const folder = join(from, 'node_modules', name);
  if (existsSync(folder)) return folder;
  const above = dirname(from);
  return above === from ? undefined : installedPackage(name, above);
}
