import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError } from '../../core/errors.js';
import { wholeNumber } from '../../core/options.js';
import { reasonOf } from '../../io/file-error.js';
import { BlockedIds, bytesOf } from '../blocked-ids.js';
import { Corpus, IN_MEMORY_BYTES } from '../corpus.js';
import { idWidth, memorySink, type OpenSink } from '../ids.js';
import { CHUNK_BYTES, encodeBytes, type TextOptions } from '../read-text.js';

/** Options of `corpusFromFile`. */
export interface FileOptions extends TextOptions {
  /** The ids of a larger file are stored in a temporary file, in bytes. Default 64 MiB. */
  readonly inMemoryBytes?: number;
  /**
   * Folder of the temporary file. Its size is one byte per character, or two with more than 255
   * symbols. Default: the folder of the system.
   */
  readonly temporaryFolder?: string;
}

/**
 * A corpus from a UTF-8 text file of any size, with bounded memory. `dispose()` or the end of the
 * process removes the temporary file of a large text.
 * @throws DataError for a file that cannot be read, is binary, empty or a single character
 */
export async function corpusFromFile(path: string, options: FileOptions = {}): Promise<Corpus> {
  const { inMemoryBytes, temporaryFolder, ...textOptions } = options;
  const most = wholeNumber('inMemoryBytes', inMemoryBytes ?? IN_MEMORY_BYTES, 0);
  const file = await openFile(path);
  try {
    const name = JSON.stringify(path);
    const information = await file.stat();
    if (information.isDirectory()) throw new DataError(`${name} is a folder: give the path of a text file.`);
    if (!information.isFile())
      throw new DataError(
        `${name} is not a regular file, and a corpus is read twice: save it to a file first.`,
      );
    const source = { name, size: information.size, chunks: () => fileChunks(file, path) };
    const sink = information.size <= most ? memorySink : temporaryFileSink(temporaryFolder ?? tmpdir());
    return new Corpus(await encodeBytes(source, textOptions, sink));
  } finally {
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw new DataError(`Cannot open "${path}": ${reasonOf('read', error)}.`, { cause: error });
  }
}

async function* fileChunks(file: FileHandle, path: string): AsyncGenerator<Uint8Array, void> {
  const buffer = new Uint8Array(CHUNK_BYTES);
  for (let position = 0; ;) {
    const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, position).catch((error: unknown) => {
      throw new DataError(`Cannot read "${path}": ${reasonOf('read', error)}.`, { cause: error });
    });
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/**
 * Collects ids in a temporary file. The file is unlinked after it has been opened, so that it
 * disappears however the process ends.
 */
function temporaryFileSink(folder: string): OpenSink {
  return (largest) => {
    const width = idWidth(largest);
    const path = join(folder, `unrolled-${process.pid}-${randomUUID()}.ids`);
    const fail = (error: unknown): never => {
      throw new DataError(
        `Cannot store the ids of a large text in "${folder}": ${reasonOf('write', error)}. Choose another ` +
          'folder for temporary files (TMPDIR).',
        { cause: error },
      );
    };
    let descriptor = -1;
    try {
      descriptor = openSync(path, 'wx+', 0o600);
      rmSync(path);
    } catch (error) {
      fail(error);
    }
    const release = (): void => {
      if (descriptor >= 0) closeSync(descriptor);
      descriptor = -1;
    };
    let length = 0;
    return {
      write(ids) {
        const bytes = bytesOf(ids);
        try {
          for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
        } catch (error) {
          fail(error);
        }
        length += ids.length;
      },
      finish: () => new BlockedIds(length, width, (start, end) => readBytes(descriptor, start, end), release),
      abort: release,
    };
  };
}

/** Reads synchronously: a block is small, and a window should not wait for the event loop. */
function readBytes(descriptor: number, start: number, end: number): Uint8Array {
  const bytes = new Uint8Array(end - start);
  for (let done = 0; done < bytes.length;) {
    const read = readSync(descriptor, bytes, done, bytes.length - done, start + done);
    if (read === 0)
      throw new DataError('The temporary file of a large text is shorter than what was written to it.');
    done += read;
  }
  return bytes;
}
