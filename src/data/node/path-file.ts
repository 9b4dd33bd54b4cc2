/**
 * Opens files by path, which only Node can. `process.getBuiltinModule` loads the modules of Node at
 * the first path, so that a page, which shares the code of the readers, needs none of them.
 */
import type * as FileSystem from 'node:fs';
import type * as Streams from 'node:stream';
import { OptionError } from '../../core/errors.js';
import { CHUNK_BYTES } from '../../text/read-text.js';

function builtIn(name: string): unknown {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  return process?.getBuiltinModule?.(name);
}

/** The bytes of a file as a stream. @throws OptionError in a page, which cannot open paths */
export function streamOfPath(path: string): ReadableStream<Uint8Array<ArrayBuffer>> {
  const fs = builtIn('fs') as typeof FileSystem | undefined;
  const streams = builtIn('stream') as typeof Streams | undefined;
  if (!fs || !streams)
    throw new OptionError('file', path, 'a File or Blob: a page cannot open a file by its path');
  const read = fs.createReadStream(path, { highWaterMark: CHUNK_BYTES });
  return streams.Readable.toWeb(read) as ReadableStream<Uint8Array<ArrayBuffer>>;
}
