import { replacedWarning, CHUNK_BYTES } from '../../text/read-text.js';
import { TextFilter } from '../../text/text-filter.js';
import { Utf8Decoder } from '../../text/utf8.js';
import type { DataFile } from './data-file.js';

/**
 * Number of code points that one call turns into a string. Engines limit the arguments of a call.
 */
const BLOCK = 8192;

/** A line of a text, without its end. */
export interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

/**
 * A file of records as UTF-8 text, read in pieces. A byte-order mark is dropped, and every line end
 * (`\r\n`, `\r`) becomes `\n`.
 */
export class TextFile {
  readonly name: string;
  /** Complete after the file has been read: reports invalid UTF-8, which became U+FFFD. */
  readonly warnings: string[] = [];
  readonly #file: DataFile;

  constructor(file: DataFile) {
    this.name = file.name;
    this.#file = file;
  }

  /** @throws DataError for binary data and for UTF-16 or UTF-32 */
  async *pieces(): AsyncGenerator<string, void> {
    const filter = new TextFilter(this.name, 'byte', 'keep', Infinity);
    const decoder = new Utf8Decoder(CHUNK_BYTES);
    let line = 1;
    let firstInvalid: number | undefined;
    let held = '';
    const take = (codes: Uint32Array): string => {
      const text = held + stringOf(filter.push(codes, decoder));
      held = text.endsWith('\r') ? '\r' : ''; // the next piece may begin with its line feed
      const piece = text.slice(0, text.length - held.length).replace(/\r\n?/g, '\n');
      if (firstInvalid === undefined && filter.invalid > 0)
        firstInvalid = line + lineEnds(piece.slice(0, piece.indexOf('\uFFFD')));
      line += lineEnds(piece);
      return piece;
    };
    for await (const bytes of this.#file.chunks()) yield take(decoder.push(bytes));
    yield take(decoder.end()) + (held === '' ? '' : '\n');
    filter.finish(decoder);
    if (firstInvalid !== undefined)
      this.warnings.push(
        `${this.name}, line ${firstInvalid}: ${replacedWarning(filter.invalid, filter.encoding)}`,
      );
  }

  /** The lines. The last one may lack a line end. */
  async *lines(): AsyncGenerator<Line, void> {
    let [number, rest] = [0, ''];
    for await (const piece of this.pieces()) {
      const texts = (rest + piece).split('\n');
      rest = texts.pop() ?? '';
      for (const text of texts) yield { text, number: ++number };
    }
    if (rest !== '') yield { text: rest, number: ++number };
  }
}

/** The number of line ends in a text. */
export function lineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

function stringOf(codes: Uint32Array): string {
  let text = '';
  for (let start = 0; start < codes.length; start += BLOCK)
    text += String.fromCodePoint(...codes.subarray(start, start + BLOCK));
  return text;
}
