import { UnrolledError, messageOf } from '../core/errors.js';

/** A file or folder cannot be read or written. */
export class FileError extends UnrolledError {
  override readonly name = 'FileError';
  /** @param code of the system, such as ENOENT, if there is one */
  constructor(
    message: string,
    readonly path: string,
    readonly code: string | undefined,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** By code of the system: the reason in words. */
const CAUSES: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'it would be larger than the system allows a file to be',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file, not a folder',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its symbolic links go in a circle',
  EMFILE: 'too many files are open',
  EIO: 'the disk reports an error',
  ERR_FS_FILE_TOO_LARGE: 'it is larger than 2 GiB',
};

/** The reason of an error of the system in words, such as `the disk is full`. */
export function reasonOf(doing: 'read' | 'write', error: unknown): string {
  const code = codeOf(error);
  if (code === 'ENOENT') return doing === 'read' ? 'there is no such file' : 'there is no such folder';
  return (code && CAUSES[code]) ?? messageOf(error).split('\n')[0];
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Turns an error of the system into one line: `Cannot write "a/b": the disk is full.` */
export function fileError(doing: 'read' | 'write', path: string, error: unknown): FileError {
  const message = `Cannot ${doing} ${JSON.stringify(path)}: ${reasonOf(doing, error)}.`;
  return new FileError(message, path, codeOf(error), { cause: error });
}
