import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataError, messageOf } from '../../core/errors.js';
import { reasonOf } from '../../io/file-error.js';
import { FileLock, isElsewhere } from '../../io/node/file-lock.js';

/** Called for every received piece, with the bytes so far and in all. */
export type Progress = (bytes: number, total: number) => void;

/** A file to download. */
export interface Download {
  readonly url: string;
  /** Path of the file. The file is named `<path>.part` until it is complete and verified. */
  readonly path: string;
  /** Size in bytes. */
  readonly bytes: number;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

/**
 * Downloads a file and returns its path. Does nothing if the file exists with the right content.
 * After a broken connection, the next call continues where the download stopped if the server
 * supports it (HTTP Range). The file gets its name after its checksum has been verified. If another
 * process on this machine downloads it, such as another trial of a sweep, this waits for it.
 * @throws DataError if the download fails or has another checksum
 */
export async function download(file: Download): Promise<string> {
  const { path, signal } = file;
  if (await isComplete(file)) return path;
  await onDisk(path, mkdir(dirname(path), { recursive: true }));
  const lock = await lockOf(path, signal);
  try {
    return (await isComplete(file)) ? path : await fetchWhole(file);
  } finally {
    lock?.release();
  }
}

/** Milliseconds between two looks whether another process has ended. */
const LOOK_MS = 200;

/** @returns undefined where a process of another machine holds the lock, which may have ended */
async function lockOf(path: string, signal: AbortSignal | undefined): Promise<FileLock | undefined> {
  for (;;) {
    const taken = FileLock.take(`${path}.lock`);
    if (taken instanceof FileLock) return taken;
    if (isElsewhere(taken)) return undefined;
    await sleep(LOOK_MS, undefined, signal ? { signal } : {});
  }
}

async function fetchWhole(file: Download): Promise<string> {
  const { path, bytes } = file;
  const part = `${path}.part`;
  const kept = await sizeOf(part);
  if (kept !== bytes) await fetchInto(part, file, kept < bytes ? kept : 0);
  let sha256 = await sha256Of(part);
  if (sha256 !== file.sha256 && kept > 0) {
    // The part from an earlier call may belong to another version of the file, so start again.
    await fetchInto(part, file, 0);
    sha256 = await sha256Of(part);
  }
  if (sha256 !== file.sha256) {
    await onDisk(part, rm(part));
    throw new DataError(
      `${file.url} is not the expected file: expected SHA-256 ${file.sha256}, got ${sha256}. The ` +
        'download was deleted; the file may have changed at its source.',
    );
  }
  await onDisk(path, rename(part, path));
  return path;
}

/** Whether the file exists with the right content. */
export async function isComplete({
  path,
  bytes,
  sha256,
}: Pick<Download, 'path' | 'bytes' | 'sha256'>): Promise<boolean> {
  return (await sizeOf(path)) === bytes && (await sha256Of(path)) === sha256;
}

/**
 * Fetches the bytes from `from` to the end and writes them to `part`. Fetches all bytes if the
 * server cannot start in the middle.
 */
async function fetchInto(part: string, file: Download, from: number): Promise<void> {
  const { url, bytes } = file;
  const response = await request(file, from);
  const start = response.status === 206 ? from : 0;
  if (response.status === 206 && !response.headers.get('content-range')?.startsWith(`bytes ${from}-`)) {
    await response.body?.cancel();
    if (from === 0)
      throw new DataError(`Cannot download ${url}: the server sent another part of the file than requested.`);
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
  // Without compression, because a range counts the sent bytes, which must be those of the file.
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
      'to continue from there.',
    { cause: error },
  );
}

/**
 * The reason of a network error. `fetch` reports only "fetch failed" and has the reason as cause.
 */
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

/** Size of a file in bytes. 0 if it does not exist. */
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
    throw new DataError(`Cannot write "${path}": ${reasonOf('write', error)}.`, { cause: error });
  });
}
