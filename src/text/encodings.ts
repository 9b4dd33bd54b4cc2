/** Number of bytes at the start of a text from which its encoding is guessed. */
export const HEAD_BYTES = 4096;

/** Smallest share of zeros among the high bytes of UTF-16, in a text of Latin letters. */
const MIN_ZERO_SHARE = 0.3;

/** Byte-order marks. The longer ones come first, because they begin with a shorter one. */
const BYTE_ORDER_MARKS = [
  [[0xff, 0xfe, 0, 0], 'UTF-32 (little-endian)'],
  [[0, 0, 0xfe, 0xff], 'UTF-32 (big-endian)'],
  [[0xff, 0xfe], 'UTF-16 (little-endian)'],
  [[0xfe, 0xff], 'UTF-16 (big-endian)'],
] as const;

/**
 * UTF-16 or UTF-32 if a text is in one of them, recognised by the byte-order mark or the positions
 * of zero bytes. Undefined for another encoding.
 * @param head the first bytes of the text; `HEAD_BYTES` are enough
 */
export function wideEncoding(head: ArrayLike<number>): string | undefined {
  for (const [mark, name] of BYTE_ORDER_MARKS) if (mark.every((byte, i) => head[i] === byte)) return name;
  const zeros = [0, 0, 0, 0];
  const length = Math.min(head.length, HEAD_BYTES) & ~3;
  for (let i = 0; i < length; i++) if (head[i] === 0) zeros[i % 4]++;
  const [a, b, c, d] = zeros.map((count) => count / (length / 4));
  if (a < MIN_ZERO_SHARE && b > 1 - MIN_ZERO_SHARE && c > 1 - MIN_ZERO_SHARE && d > 1 - MIN_ZERO_SHARE)
    return 'UTF-32 (little-endian)';
  if (d < MIN_ZERO_SHARE && a > 1 - MIN_ZERO_SHARE && b > 1 - MIN_ZERO_SHARE && c > 1 - MIN_ZERO_SHARE)
    return 'UTF-32 (big-endian)';
  if (a === 0 && c === 0 && b > MIN_ZERO_SHARE && d > MIN_ZERO_SHARE) return 'UTF-16 (little-endian)';
  if (b === 0 && d === 0 && a > MIN_ZERO_SHARE && c > MIN_ZERO_SHARE) return 'UTF-16 (big-endian)';
  return undefined;
}

/** Bytes without a character in Windows-1252, and ÿ (0xFF), which is very rare in texts. */
const UNASSIGNED = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d, 0xff]);
/**
 * Largest share of bytes above 0x7F that follow another such byte. In words of western languages
 * they are mostly single; in other encodings they form whole words.
 */
const MAX_ADJACENT_SHARE = 0.25;

/** Recognises Windows-1252 by the bytes above 0x7F of a text. */
export class WesternBytes {
  private high = 0;
  private inRow = 0;
  private last = -2;
  private foreign = false;

  /** Adds a byte above 0x7F. @param offset of this byte in the text */
  add(byte: number, offset: number): void {
    this.high++;
    if (offset === this.last + 1) this.inRow++;
    this.last = offset;
    if (UNASSIGNED.has(byte)) this.foreign = true;
  }

  /** The encoding that the bytes look like, if none of them is part of valid UTF-8. */
  get encoding(): string | undefined {
    return this.high > 0 && !this.foreign && this.inRow <= MAX_ADJACENT_SHARE * this.high
      ? 'Windows-1252 (cp1252, or Latin-1)'
      : undefined;
  }
}
