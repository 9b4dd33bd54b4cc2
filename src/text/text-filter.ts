import { DataError } from '../core/errors.js';
import { INVALID, isControl } from './utf8.js';

/**
 * What to do with line ends: keep them, or turn every one (`\r\n`, `\r` or `\n`) into a single
 * space.
 */
export type Newlines = 'keep' | 'space';

/**
 * A file is taken for binary when more than this share of its characters is invalid or control
 * characters …
 */
const STRANGE_SHARE = 0.3;
/** … judged at its end, or after this many characters. */
const JUDGED_AFTER = 4096;

/**
 * Where strange characters are, counted in `unit`s from the start; −1 for none. Utf8Decoder keeps
 * these offsets as it goes. And the encoding, where it is another than UTF-8.
 */
export interface Offsets {
  readonly firstNul: number;
  readonly firstStrange: number;
  /** UTF-16 or UTF-32, if the text is in one of them. */
  readonly wideEncoding: string | undefined;
  /** An encoding of one byte for each character, if the text looks like it. */
  readonly byteEncoding: string | undefined;
}

/**
 * Turns raw code points into the characters of a corpus: line ends, the limit, U+FFFD for what is
 * invalid; and refuses binary data.
 */
export class TextFilter {
  /** Characters let through so far. */
  characters = 0;
  /** How many of them stand for an invalid sequence. */
  invalid = 0;
  /** The encoding that a text with invalid sequences looks like, once it has ended. */
  encoding: string | undefined;
  private controls = 0;
  private afterReturn = false;

  /**
   * @param name how messages name the text: `The text` or `"poems.txt"`
   * @param unit what the offsets count: bytes of a file, characters of a string
   */
  constructor(
    private readonly name: string,
    private readonly unit: 'byte' | 'character',
    private readonly newlines: Newlines,
    private readonly limit: number,
  ) {}

  /** Whether the limit is reached. */
  get full(): boolean {
    return this.characters >= this.limit;
  }

  /**
   * Filters `codes` in place and returns what is left of it. Throws a DataError for binary data.
   */
  push(codes: Uint32Array, offsets: Offsets): Uint32Array {
    let kept = 0;
    for (let i = 0; i < codes.length && this.characters < this.limit; i++) {
      let code = codes[i];
      if (this.newlines === 'space') {
        const lineFeedOfPair = this.afterReturn && code === 0x0a;
        this.afterReturn = code === 0x0d;
        if (lineFeedOfPair) continue;
        if (code === 0x0a || code === 0x0d) code = 0x20;
      }
      if (code === INVALID) {
        this.invalid++;
        code = 0xfffd;
      } else if (isControl(code)) {
        this.controls++;
        if (code === 0) this.refuseEncoding(offsets.wideEncoding);
        if (code === 0)
          throw new DataError(
            `${this.name} is not a text: a NUL ${this.unit} at offset ${offsets.firstNul}. Choose a ` +
              'text file in UTF-8.',
          );
      }
      codes[kept++] = code;
      this.characters++;
    }
    if (this.characters >= JUDGED_AFTER) this.judge(offsets);
    return codes.subarray(0, kept);
  }

  /** Ends a text of any length. Throws a DataError when it is binary. */
  finish(offsets: Offsets): void {
    this.judge(offsets);
    if (this.invalid > 0) this.encoding = offsets.byteEncoding;
  }

  /** Ends a text to train on. Throws a DataError when it is binary or has fewer than two characters. */
  end(offsets: Offsets): void {
    this.finish(offsets);
    if (this.characters === 0)
      throw new DataError(
        `${this.name} is empty: training needs at least two characters, an input and its target.`,
      );
    if (this.characters === 1)
      throw new DataError(
        `${this.name} has a single character: training needs at least two, an input and its target.`,
      );
  }

  private refuseEncoding(encoding: string | undefined): void {
    if (encoding === undefined) return;
    throw new DataError(
      `${this.name} is a text in ${encoding}, and texts are read as UTF-8. Save it as UTF-8 first.`,
    );
  }

  private judge(offsets: Offsets): void {
    this.refuseEncoding(offsets.wideEncoding);
    const share = (this.invalid + this.controls) / this.characters;
    if (!(share > STRANGE_SHARE)) return;
    this.refuseEncoding(offsets.byteEncoding);
    throw new DataError(
      `${this.name} is not a text in UTF-8: ${Math.round(share * 100)} % of its first ` +
        `${this.characters} characters are invalid or control characters, ` +
        `the first at ${this.unit} offset ${offsets.firstStrange}. Choose another file, or convert it ` +
        'to UTF-8.',
    );
  }
}
