import { closeSync, openSync, readSync } from 'node:fs';
import type { RunEvent } from '../events.js';

/** An event in the file of `train --log`. `seconds` counts from the start of the process. */
export type LoggedEvent = RunEvent & { readonly seconds: number };

const NEWLINE = 10;

/** Reads a log while another process appends to it. */
export class LogReader {
  #offset = 0;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(readonly path: string) {}

  /**
   * Returns the events that were added since the last call; none if there is no file yet. An
   * incomplete last line is returned by a later call.
   * @throws SyntaxError for a line that is not JSON
   */
  read(): LoggedEvent[] {
    let bytes: Uint8Array;
    try {
      bytes = this.#bytes();
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    this.#rest = bytes.slice(end);
    return new TextDecoder()
      .decode(bytes.subarray(0, end))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LoggedEvent);
  }

  #bytes(): Uint8Array {
    const file = openSync(this.path, 'r');
    try {
      const pieces = [this.#rest];
      for (;;) {
        const piece = new Uint8Array(65536);
        const length = readSync(file, piece, 0, piece.length, this.#offset);
        if (length === 0) return Buffer.concat(pieces);
        this.#offset += length;
        pieces.push(piece.subarray(0, length));
      }
    } finally {
      closeSync(file);
    }
  }
}
