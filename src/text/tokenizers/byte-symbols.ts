/**
 * Represents bytes by visible characters, so that a vocabulary is a list of texts. Printable bytes
 * of Latin-1 are their own characters; the others are U+0100, U+0101, … Source: `bytes_to_unicode`
 * of GPT-2 (https://github.com/openai/gpt-2, encoder.py).
 */
const isVisible = (byte: number): boolean =>
  (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;

function codes(): number[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => (isVisible(byte) ? byte : next++));
}

/** By byte: its character. */
export const BYTE_SYMBOLS: readonly string[] = codes().map((code) => String.fromCodePoint(code));

/** By character: its byte. */
export const SYMBOL_BYTES: ReadonlyMap<string, number> = new Map(
  BYTE_SYMBOLS.map((symbol, byte) => [symbol, byte]),
);
