/** Bytes at the start of a text that tell its encoding. */
export const HEAD_BYTES = 4096;

/** Least share of zero bytes, where UTF-16 has them in a text of Latin letters. */
const ZEROS = 0.3;

/** Marks at the start of a file, the longer ones first. */
const MARKS = [
  [[0xff, 0xfe, 0, 0], 'UTF-32 (little-endian)'],
  [[0, 0, 0xfe, 0xff], 'UTF-32 (big-endian)'],
  [[0xff, 0xfe], 'UTF-16 (little-endian)'],
  [[0xfe, 0xff], 'UTF-16 (big-endian)'],
] as const;

/**
 * The encoding of a text in units of more than a byte, by its byte-order mark or by where its zero
 * bytes are; undefined for any other.
 * @param head the first bytes, of which `HEAD_BYTES` are enough
 */
export function wideEncoding(head: ArrayLike<number>): string | undefined {
  for (const [mark, name] of MARKS) if (mark.every((byte, i) => head[i] === byte)) return name;
  const zeros = [0, 0, 0, 0];
  const length = Math.min(head.length, HEAD_BYTES) & ~3;
  for (let i = 0; i < length; i++) if (head[i] === 0) zeros[i % 4]++;
  const [a, b, c, d] = zeros.map((count) => count / (length / 4));
  if (a < ZEROS && b > 1 - ZEROS && c > 1 - ZEROS && d > 1 - ZEROS) return 'UTF-32 (little-endian)';
  if (d < ZEROS && a > 1 - ZEROS && b > 1 - ZEROS && c > 1 - ZEROS) return 'UTF-32 (big-endian)';
  if (a === 0 && c === 0 && b > ZEROS && d > ZEROS) return 'UTF-16 (little-endian)';
  if (b === 0 && d === 0 && a > ZEROS && c > ZEROS) return 'UTF-16 (big-endian)';
  return undefined;
}

/** Windows-1252 has no character at these bytes, and ÿ at the last, which no text is full of. */
const UNASSIGNED = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d, 0xff]);
/**
 * Largest share of bytes above 0x7F that follow another one. They stand alone in the words of
 * western languages; in other encodings they make up whole words.
 */
const IN_ROW = 0.25;

/** Notices whether a text is in Windows-1252, by its bytes above 0x7F. */
export class WesternBytes {
  private high = 0;
  private inRow = 0;
  private last = -2;
  private foreign = false;

  /** Takes a byte above 0x7F. @param offset of this byte in the text */
  add(byte: number, offset: number): void {
    this.high++;
    if (offset === this.last + 1) this.inRow++;
    this.last = offset;
    if (UNASSIGNED.has(byte)) this.foreign = true;
  }

  /** The encoding that these bytes look like, where no sequence of them is UTF-8. */
  get encoding(): string | undefined {
    return this.high > 0 && !this.foreign && this.inRow <= IN_ROW * this.high
      ? 'Windows-1252 (cp1252, or Latin-1)'
      : undefined;
  }
}
