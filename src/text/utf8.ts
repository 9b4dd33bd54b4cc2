import { HEAD_BYTES, WesternBytes, wideEncoding } from './encodings.js';

/**
 * Decodes texts into code points, in chunks. TextDecoder is not used, because it neither counts
 * invalid sequences nor reports their offsets, and because a corpus of hundreds of megabytes should
 * not become strings. The result is the same (WHATWG Encoding Standard, "UTF-8 decoder").
 */

/**
 * The code of an invalid sequence or a lone surrogate: one above the largest code point.
 * `TextFilter` replaces it by U+FFFD.
 */
export const INVALID = 0x110000;

/** Largest number of code points in a chunk. */
const CHUNK = 65536;

/**
 * Whether a character does not belong in a text: DEL, and C0 controls other than tab, line feed,
 * vertical tab, form feed and return.
 */
export function isControl(code: number): boolean {
  return (code < 0x20 && (code < 0x09 || code > 0x0d)) || code === 0x7f;
}

/** Index of the first lone surrogate or control character of a string. −1 if there is none. */
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
 * Turns UTF-8 bytes into code points, in chunks. A byte-order mark at the start is dropped.
 */
export class Utf8Decoder {
  /** Byte offset of the first NUL. −1 if there is none so far. */
  firstNul = -1;
  /**
   * Byte offset of the first invalid sequence or control character. −1 if there is none so far.
   */
  firstStrange = -1;

  private readonly head = new Uint8Array(HEAD_BYTES);
  private readonly western = new WesternBytes();
  /** Whether there was a valid sequence of several bytes. */
  private multibyte = false;
  private readonly out: Uint32Array;
  private offset = 0;
  private started = false;
  /**
   * The unfinished sequence: offset of its first byte, its code point so far, number of missing
   * continuation bytes, and bounds of the next one.
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
   * The code points that end in `bytes`, with INVALID for each broken sequence. The next call
   * overwrites the result.
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

  /** UTF-16 or UTF-32 if the bytes are in one of them. */
  get wideEncoding(): string | undefined {
    return wideEncoding(this.head.subarray(0, Math.min(this.offset, HEAD_BYTES)));
  }

  /**
   * The encoding with one byte for each character that the bytes look like. Undefined for UTF-8.
   */
  get byteEncoding(): string | undefined {
    return this.multibyte ? undefined : this.western.encoding;
  }

  /** Ends the bytes. Returns INVALID for an unfinished sequence. */
  end(): Uint32Array {
    if (this.needed === 0) return this.out.subarray(0, 0);
    this.out[0] = this.invalid();
    return this.out.subarray(0, 1);
  }

  /**
   * Begins a sequence. Returns false if no sequence begins with this byte. The bounds exclude
   * overlong forms, surrogates and code points above U+10FFFF.
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
 * The code points of a string, in chunks, with INVALID for each lone surrogate. The next chunk
 * overwrites a chunk.
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
