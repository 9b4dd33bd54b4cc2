import { describe, expect, it } from 'vitest';
import { Random, STREAM } from '../../src/core/random.js';
import { INVALID, stringCodePoints, Utf8Decoder } from '../../src/text/utf8.js';

/** Decodes in chunks of the given lengths, repeated. */
function decode(bytes: Uint8Array, chunks: readonly number[]): { codes: number[]; decoder: Utf8Decoder } {
  const decoder = new Utf8Decoder(Math.max(...chunks));
  const codes: number[] = [];
  for (let start = 0, i = 0; start < bytes.length; i++) {
    const length = chunks[i % chunks.length];
    codes.push(...decoder.push(bytes.subarray(start, start + length)));
    start += length;
  }
  codes.push(...decoder.end());
  return { codes, decoder };
}

const asText = (codes: readonly number[]): string =>
  codes.map((code) => String.fromCodePoint(code === INVALID ? 0xfffd : code)).join('');

describe('Utf8Decoder', () => {
  it('agrees with TextDecoder on random bytes, for every division into chunks', () => {
    const random = new Random(1, STREAM.test);
    // Bytes at the borders of the encoding's ranges come often, so that overlong forms, surrogates
    // and cut sequences are among them.
    const interesting = [
      0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4,
      0xf5, 0xff, 0xbb,
    ];
    for (let round = 0; round < 2000; round++) {
      const bytes = Uint8Array.from({ length: 1 + random.below(24) }, () =>
        random.below(4) === 0 ? random.below(256) : interesting[random.below(interesting.length)],
      );
      const { codes } = decode(bytes, [1 + random.below(5), 1 + random.below(5)]);
      expect(asText(codes), [...bytes].map((b) => b.toString(16)).join(' ')).toBe(
        new TextDecoder().decode(bytes),
      );
    }
  });

  it('reads characters of one to four bytes', () => {
    const text = 'aé猫🙂\u0000\u{10FFFF}';
    for (const chunk of [1, 2, 3, 64])
      expect(asText(decode(new TextEncoder().encode(text), [chunk]).codes)).toBe(text);
  });

  it('distinguishes a real U+FFFD from an invalid sequence', () => {
    expect(decode(Uint8Array.of(0xef, 0xbf, 0xbd, 0xff), [4]).codes).toEqual([0xfffd, INVALID]);
  });

  it('drops a byte-order mark at the start, and only there', () => {
    const bytes = Uint8Array.of(0xef, 0xbb, 0xbf, 0x61, 0xef, 0xbb, 0xbf);
    for (const chunk of [1, 2, 7]) expect(decode(bytes, [chunk]).codes).toEqual([0x61, 0xfeff]);
  });

  it('reports the offsets of the first NUL and the first strange byte', () => {
    const { decoder } = decode(Uint8Array.of(0x61, 0xc3, 0xa9, 0xc3, 0x62, 0x01, 0x00), [2]);
    expect(decoder.firstStrange).toBe(3);
    expect(decoder.firstNul).toBe(6);
    expect(decode(Uint8Array.of(0x61, 0x0a), [2]).decoder.firstStrange).toBe(-1);
  });
});

describe('stringCodePoints', () => {
  it('reads surrogate pairs as one code point, also across chunks, and marks lone surrogates', () => {
    const text = `${'x'.repeat(65535)}🙂\ud800y\udc00`;
    const codes: number[] = [];
    for (const chunk of stringCodePoints(text)) for (const code of chunk) codes.push(code);
    expect(codes.slice(65534)).toEqual([0x78, 0x1f642, INVALID, 0x79, INVALID]);
  });
});
