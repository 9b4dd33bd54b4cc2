import { closeSync, openSync, readSync } from 'node:fs';
import type { RunEvent } from '../events.js';

/** An event in the file of `train --log`. `seconds` counts from the start of the process. */
export type LoggedEvent = RunEvent & { readonly seconds: number };

const NEWLINE = 10;

/** Reads a log while another process appends to it. */
export class LogReader {
  /** The byte after the last complete line. An incomplete one is read again: it may be removed. */
  #offset: number;

  /** @param from the byte at which the first event begins that is read. Default: 0 */
  constructor(
    readonly path: string,
    from = 0,
  ) {
    this.#offset = from;
  }

  /** The byte after the last event that was read. */
  get end(): number {
    return this.#offset;
  }

  /**
   * Returns the events that were added since the last call; none if there is no file yet. An
   * incomplete last line is returned by a later call.
   * @param end the byte after the last event to be read. Default: the end of the file
   * @throws SyntaxError for a line that is not JSON
   */
  read(end = Infinity): LoggedEvent[] {
    let bytes: Uint8Array;
    try {
      bytes = this.#bytes(end);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
    const lines = bytes.lastIndexOf(NEWLINE) + 1;
    this.#offset += lines;
    return new TextDecoder()
      .decode(bytes.subarray(0, lines))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LoggedEvent);
  }

  #bytes(end: number): Uint8Array {
    const file = openSync(this.path, 'r');
    try {
      const pieces: Uint8Array[] = [];
      for (let at = this.#offset; ;) {
        const piece = new Uint8Array(65536);
        const wanted = Math.min(piece.length, end - at);
        const length = wanted > 0 ? readSync(file, piece, 0, wanted, at) : 0;
        if (length === 0) return Buffer.concat(pieces);
        at += length;
        pieces.push(piece.subarray(0, length));
      }
    } finally {
      closeSync(file);
    }
  }
}
