import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DataError, messageOf } from '../../core/errors.js';
import { reasonOf } from './file-errors.js';

/** Told how many bytes of how many are there; called for every piece that arrives. */
export type Progress = (bytes: number, total: number) => void;

/** What to download, and what it must be. */
export interface Download {
  readonly url: string;
  /** Where the file goes. Until it is complete and verified it has the name `<path>.part`. */
  readonly path: string;
  /** Size in bytes. */
  readonly bytes: number;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

/**
 * Downloads a file unless it is there already, and returns its path. What a broken connection left
 * is kept, and the next call goes on from there where the server can (HTTP Range). The file appears
 * under its name only after its checksum was right. Throws a DataError of one line.
 */
export async function download(file: Download): Promise<string> {
  const { path, bytes } = file;
  const part = `${path}.part`;
  if (await isComplete(file)) return path;
  await onDisk(path, mkdir(dirname(path), { recursive: true }));
  const kept = await sizeOf(part);
  if (kept !== bytes) await fetchInto(part, file, kept < bytes ? kept : 0);
  let sha256 = await sha256Of(part);
  if (sha256 !== file.sha256 && kept > 0) {
    // The piece kept from an earlier call may have been of another version of the file: once more,
    // from the start.
    await fetchInto(part, file, 0);
    sha256 = await sha256Of(part);
  }
  if (sha256 !== file.sha256) {
    await onDisk(part, rm(part));
    throw new DataError(
      `${file.url} is not the expected file: SHA-256 ${file.sha256} was expected, ${sha256} came. The ` +
        'download was thrown away; the file may have changed at its source.',
    );
  }
  await onDisk(path, rename(part, path));
  return path;
}

/** Whether the file is there with its content. */
export async function isComplete({
  path,
  bytes,
  sha256,
}: Pick<Download, 'path' | 'bytes' | 'sha256'>): Promise<boolean> {
  return (await sizeOf(path)) === bytes && (await sha256Of(path)) === sha256;
}

/**
 * Fetches the bytes from `from` on and puts them behind those already in `part`; all bytes where
 * the server cannot go on in the middle.
 */
async function fetchInto(part: string, file: Download, from: number): Promise<void> {
  const { url, bytes } = file;
  const response = await request(file, from);
  const start = response.status === 206 ? from : 0;
  if (response.status === 206 && !response.headers.get('content-range')?.startsWith(`bytes ${from}-`)) {
    await response.body?.cancel();
    if (from === 0)
      throw new DataError(
        `Cannot download ${url}: the server sent another part of the file than was asked for.`,
      );
    return fetchInto(part, file, 0);
  }
  if (response.status === 416 && from > 0) return fetchInto(part, file, 0);
  if (!response.ok || response.body === null) {
    const reason =
      response.status === 404
        ? 'the server has no such file'
        : `the server answered ${response.status} ${response.statusText}`.trimEnd();
    throw new DataError(`Cannot download ${url}: ${reason}.`);
  }
  const output = await onDisk(part, open(part, start > 0 ? 'r+' : 'w'));
  let done = start;
  try {
    for await (const piece of pieces(response.body, file, () => done)) {
      if (done + piece.length > bytes)
        throw new DataError(`${url} is not the expected file: it has more than the expected ${bytes} bytes.`);
      await onDisk(part, writeAll(output, piece, done));
      done += piece.length;
      file.onProgress?.(done, bytes);
    }
    await onDisk(part, output.sync());
  } finally {
    await output.close();
  }
  if (done < bytes) throw stopped(file, done);
}

async function request(file: Download, from: number): Promise<Response> {
  // Without compression: a range counts bytes of what is sent, and those must be the bytes of the
  // file.
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (from > 0) headers.range = `bytes=${from}-`;
  try {
    return await fetch(file.url, { headers, signal: file.signal ?? null });
  } catch (error) {
    throw new DataError(
      `Cannot download ${file.url}: ${networkReason(error)}. Check the connection and try again.`,
      { cause: error },
    );
  }
}

async function* pieces(
  body: ReadableStream<Uint8Array>,
  file: Download,
  done: () => number,
): AsyncGenerator<Uint8Array, void> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { value, done: ended } = await reader.read().catch((error: unknown) => {
        throw stopped(file, done(), error);
      });
      if (ended) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function stopped(file: Download, done: number, error?: unknown): DataError {
  const reason = error === undefined ? '' : ` (${networkReason(error)})`;
  return new DataError(
    `The download of ${file.url} stopped after ${done} of ${file.bytes} bytes${reason}. Run it again ` +
      'to go on from there.',
    { cause: error },
  );
}

/** fetch says only "fetch failed"; the reason is behind it. */
function networkReason(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return 'the name of the server cannot be resolved: this machine seems to be offline';
  if (code === 'ECONNREFUSED') return 'the server refused the connection';
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return 'the connection was cut';
  return messageOf(cause).replace(/\.$/, '');
}

async function writeAll(output: FileHandle, piece: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < piece.length;)
    done += (await output.write(piece, done, piece.length - done, position + done)).bytesWritten;
}

/** Size of a file in bytes; 0 where there is none. */
async function sizeOf(path: string): Promise<number> {
  const information = await stat(path).catch(() => undefined);
  return information?.isFile() ? information.size : 0;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  return hash.digest('hex');
}

async function onDisk<T>(path: string, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw new DataError(`Cannot write "${path}": ${reasonOf(error)}.`, { cause: error });
  });
}
