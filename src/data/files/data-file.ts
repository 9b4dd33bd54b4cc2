import { DataError, messageOf, OptionError } from '../../core/errors.js';
import { fileError } from '../../io/file-error.js';
import { CHUNK_BYTES } from '../../text/read-text.js';
import { streamOfPath } from '../node/path-file.js';

/** A path (in Node), a File or a Blob. */
export type FileSource = string | Blob;

/**
 * The bytes of a file. Every reader of this folder starts with it; `tables.ts` is a good example.
 */
export interface DataFile {
  /** Name in messages: `"pairs.tsv"`, or `The file` if it has none. */
  readonly name: string;
  /**
   * The bytes from the start, unpacked if it is a gzip file, in chunks of at most `CHUNK_BYTES`.
   * @throws FileError if the file cannot be read, DataError for a damaged gzip file
   */
  chunks(): AsyncGenerator<Uint8Array, void>;
}

const GZIP = [0x1f, 0x8b];

/** @throws OptionError unless `file` is a path, a File or a Blob */
export function dataFile(file: FileSource): DataFile {
  if (!(file instanceof Blob) && (typeof file !== 'string' || file === ''))
    throw new OptionError('file', file, "a path, such as 'data.csv', or a File or Blob");
  const path = typeof file === 'string' ? file : 'name' in file ? String(file.name) : undefined;
  const name = path === undefined ? 'The file' : JSON.stringify(path);
  const open = (): ReadableStream<Uint8Array<ArrayBuffer>> =>
    typeof file === 'string' ? streamOfPath(file) : file.stream();
  const plain = (): AsyncGenerator<Uint8Array, void> =>
    chunksOf(open(), (error) => fileError('read', path ?? 'the file', error));
  return {
    name,
    async *chunks() {
      if (!(await startsWith(plain(), GZIP))) return yield* plain();
      yield* chunksOf(
        open().pipeThrough(new DecompressionStream('gzip')),
        (error) =>
          new DataError(`${name} is a gzip file that is damaged or truncated: ${messageOf(error)}.`, {
            cause: error,
          }),
      );
    },
  };
}

/** All bytes of a file. */
export async function bytesOf(file: DataFile): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of file.chunks()) parts.push(Uint8Array.from(chunk));
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

async function startsWith(chunks: AsyncIterable<Uint8Array>, mark: readonly number[]): Promise<boolean> {
  const head: number[] = [];
  for await (const chunk of chunks) {
    head.push(...chunk.subarray(0, mark.length));
    if (head.length >= mark.length) break;
  }
  return mark.every((byte, i) => head[i] === byte);
}

async function* chunksOf(
  stream: ReadableStream<Uint8Array>,
  failed: (error: unknown) => Error,
): AsyncGenerator<Uint8Array, void> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw failed(error);
      });
      if (done) return;
      for (let start = 0; start < value.length; start += CHUNK_BYTES)
        yield value.subarray(start, start + CHUNK_BYTES);
    }
  } finally {
    await reader.cancel().catch(() => undefined); // `failed` has reported the error already
  }
}
