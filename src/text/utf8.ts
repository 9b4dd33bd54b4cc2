import { HEAD_BYTES, WesternBytes, wideEncoding } from './encodings.js';

/**
 * Text as code points, in chunks. UTF-8 is decoded here and not by TextDecoder because that one
 * neither counts the
 * invalid sequences nor says where they are, and because a corpus of hundreds of megabytes should
 * never become strings. The result is the same as TextDecoder's (WHATWG Encoding Standard, "UTF-8
 * decoder").
 */

/**
 * Stands for an invalid sequence (or a lone surrogate in a string): one above the largest code
 * point. It becomes U+FFFD later.
 */
export const INVALID = 0x110000;

/** Number of code units turned into code points at once. */
const CHUNK = 65536;

/**
 * Whether a character has no place in a text: C0 controls other than tab, line feed, vertical tab,
 * form feed, return; and DEL.
 */
export function isControl(code: number): boolean {
  return (code < 0x20 && (code < 0x09 || code > 0x0d)) || code === 0x7f;
}

/** Index of the first lone surrogate or control character of a string; −1 when there is none. */
export function firstStrange(text: string): number {
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i) as number;
    if (isControl(code) || isSurrogate(code)) return i;
    if (code > 0xffff) i++;
  }
  return -1;
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}

/**
 * Turns UTF-8 bytes into code points, chunk by chunk. A byte-order mark at the start is dropped.
 */
export class Utf8Decoder {
  /** Byte offset of the first NUL; −1 when there is none so far. */
  firstNul = -1;
  /**
   * Byte offset of the first invalid sequence or control character; −1 when there is none so far.
   */
  firstStrange = -1;

  private readonly head = new Uint8Array(HEAD_BYTES);
  private readonly western = new WesternBytes();
  /** Whether a sequence of several bytes was whole. */
  private multibyte = false;
  private readonly out: Uint32Array;
  private offset = 0;
  private started = false;
  /**
   * The sequence under way: its first byte's offset, its code point so far, continuation bytes to
   * come, bounds of the next one.
   */
  private start = 0;
  private code = 0;
  private needed = 0;
  private lower = 0x80;
  private upper = 0xbf;

  /** @param most the largest number of bytes in a chunk */
  constructor(private readonly most: number) {
    this.out = new Uint32Array(most + 1);
  }

  /**
   * The code points that end in `bytes`, with INVALID in the place of broken sequences. The result
   * is overwritten by the next call.
   */
  push(bytes: Uint8Array): Uint32Array {
    if (bytes.length > this.most)
      throw new RangeError(`A chunk of ${bytes.length} bytes came to a decoder for ${this.most}.`);
    if (this.offset < HEAD_BYTES) this.head.set(bytes.subarray(0, HEAD_BYTES - this.offset), this.offset);
    const out = this.out;
    let length = 0;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i];
      if (byte > 0x7f && !this.multibyte) this.western.add(byte, this.offset + i);
      if (this.needed > 0) {
        if (byte >= this.lower && byte <= this.upper) {
          this.lower = 0x80;
          this.upper = 0xbf;
          this.code = (this.code << 6) | (byte & 0x3f);
          if (--this.needed === 0) {
            this.multibyte = true;
            out[length++] = this.code;
          }
          continue;
        }
        out[length++] = this.invalid();
      }
      if (byte < 0x80) {
        if (isControl(byte)) this.control(byte, this.offset + i);
        out[length++] = byte;
      } else if (!this.lead(byte, this.offset + i)) out[length++] = this.invalid();
    }
    this.offset += bytes.length;
    if (this.started || length === 0) return out.subarray(0, length);
    this.started = true;
    return out.subarray(out[0] === 0xfeff ? 1 : 0, length);
  }

  /** The encoding that the bytes are in where they are in UTF-16 or UTF-32. */
  get wideEncoding(): string | undefined {
    return wideEncoding(this.head.subarray(0, Math.min(this.offset, HEAD_BYTES)));
  }

  /** The encoding of one byte for each character that the bytes look like; undefined for UTF-8. */
  get byteEncoding(): string | undefined {
    return this.multibyte ? undefined : this.western.encoding;
  }

  /** What is left when the bytes end: INVALID for a sequence that was cut off. */
  end(): Uint32Array {
    if (this.needed === 0) return this.out.subarray(0, 0);
    this.out[0] = this.invalid();
    return this.out.subarray(0, 1);
  }

  /**
   * Begins a sequence; false where no sequence begins with this byte. The bounds keep out overlong
   * forms, surrogates and more than U+10FFFF.
   */
  private lead(byte: number, offset: number): boolean {
    this.start = offset;
    if (byte < 0xc2 || byte > 0xf4) return false;
    this.needed = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    this.code = byte & (0x3f >> this.needed);
    if (byte === 0xe0) this.lower = 0xa0;
    if (byte === 0xed) this.upper = 0x9f;
    if (byte === 0xf0) this.lower = 0x90;
    if (byte === 0xf4) this.upper = 0x8f;
    return true;
  }

  private invalid(): number {
    if (this.firstStrange < 0) this.firstStrange = this.start;
    this.needed = 0;
    this.lower = 0x80;
    this.upper = 0xbf;
    return INVALID;
  }

  private control(byte: number, offset: number): void {
    if (this.firstStrange < 0) this.firstStrange = offset;
    if (byte === 0 && this.firstNul < 0) this.firstNul = offset;
  }
}

/**
 * The code points of a string, in chunks, with INVALID in the place of lone surrogates. Each chunk
 * is overwritten by the next.
 */
export function* stringCodePoints(text: string): Generator<Uint32Array, void> {
  const out = new Uint32Array(Math.min(CHUNK, text.length));
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i) as number;
    if (code > 0xffff) i++;
    out[length++] = isSurrogate(code) ? INVALID : code;
    if (length === out.length) {
      yield out;
      length = 0;
    }
  }
  if (length > 0) yield out.subarray(0, length);
}
