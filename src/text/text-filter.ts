import { DataError } from '../core/errors.js';
import { INVALID, isControl } from './utf8.js';

/**
 * `keep`: line ends stay as they are. `space`: every line end (`\r\n`, `\r` or `\n`) becomes a
 * single space.
 */
export type Newlines = 'keep' | 'space';

/** A text with a larger share of invalid and control characters is taken for binary. */
const MAX_STRANGE_SHARE = 0.3;
/** Number of characters after which the share is checked for the first time. */
const CHECK_AFTER = 4096;

/**
 * TextDiagnosis of strange characters from the start, in bytes or characters, −1 if there are none;
 * and the encoding if it is not UTF-8. `Utf8Decoder` has these members.
 */
export interface TextDiagnosis {
  readonly firstNul: number;
  readonly firstStrange: number;
  /** UTF-16 or UTF-32, if the text is in one of them. */
  readonly wideEncoding: string | undefined;
  /** An encoding with one byte for each character, if the text looks like it. */
  readonly byteEncoding: string | undefined;
}

/**
 * Turns raw code points into the characters of a corpus: applies `newlines` and `limit`, replaces
 * invalid ones by U+FFFD, and refuses binary data.
 */
export class TextFilter {
  /** Number of characters so far. */
  characters = 0;
  /** Number of them that replace an invalid sequence. */
  invalid = 0;
  /** After `finish`: the encoding that a text with invalid sequences looks like. */
  encoding: string | undefined;
  private controls = 0;
  private afterReturn = false;

  /**
   * @param name of the text in messages: `The text` or `"poems.txt"`
   * @param unit of the offsets: bytes of a file, characters of a string
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
   * Filters `codes` in place and returns the remaining part.
   * @throws DataError for binary data
   */
  push(codes: Uint32Array, offsets: TextDiagnosis): Uint32Array {
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
    if (this.characters >= CHECK_AFTER) this.judge(offsets);
    return codes.subarray(0, kept);
  }

  /** Ends a text of any length. @throws DataError if it is binary */
  finish(offsets: TextDiagnosis): void {
    this.judge(offsets);
    if (this.invalid > 0) this.encoding = offsets.byteEncoding;
  }

  /** Ends a text to train on. @throws DataError if it is binary or has fewer than two characters */
  end(offsets: TextDiagnosis): void {
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

  private judge(offsets: TextDiagnosis): void {
    this.refuseEncoding(offsets.wideEncoding);
    const share = (this.invalid + this.controls) / this.characters;
    if (!(share > MAX_STRANGE_SHARE)) return;
    this.refuseEncoding(offsets.byteEncoding);
    throw new DataError(
      `${this.name} is not a text in UTF-8: ${Math.round(share * 100)} % of its first ` +
        `${this.characters} characters are invalid or control characters, ` +
        `the first at ${this.unit} offset ${offsets.firstStrange}. Choose another file, or convert it ` +
        'to UTF-8.',
    );
  }
}
