import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Corpus, corpusFromFile, DataError } from '../../src/node.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unrolled-encodings-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const STORY = 'The mill on the hill, and the bridge over the river.\n'.repeat(20);
const CHINESE = '桥头村的四季，山上的磨坊。\n'.repeat(20);
const WESTERN = 'Die Mühle über dem Fluß – “Ärger” im Café. Über den Bäumen ein Gewölk.\n'.repeat(20);

function utf16(text: string, { big = false, mark = true } = {}): Uint8Array {
  const bytes = Buffer.from(`${mark ? '\ufeff' : ''}${text}`, 'utf16le');
  return big ? bytes.swap16() : bytes;
}

function utf32(text: string, { big = false, mark = true } = {}): Uint8Array {
  const codes = Array.from(`${mark ? '\ufeff' : ''}${text}`, (symbol) => symbol.codePointAt(0) ?? 0);
  const bytes = Buffer.alloc(4 * codes.length);
  codes.forEach((code, i) => (big ? bytes.writeUInt32BE(code, 4 * i) : bytes.writeUInt32LE(code, 4 * i)));
  return bytes;
}

/** The bytes of a text in Windows-1252. */
function cp1252(text: string): Uint8Array {
  const special = new Map([
    ['–', 0x96],
    ['“', 0x93],
    ['”', 0x94],
  ]);
  return Uint8Array.from(text, (symbol) => special.get(symbol) ?? symbol.charCodeAt(0));
}

/** The error or the warnings for a text as a Blob and as a file. */
async function said(bytes: Uint8Array): Promise<string> {
  const path = join(folder, 'text.txt');
  await writeFile(path, bytes);
  const of = async (opening: Promise<Corpus>): Promise<string> => {
    try {
      const corpus = await opening;
      corpus.dispose();
      return corpus.warnings.join(' ');
    } catch (error) {
      expect(error).toBeInstanceOf(DataError);
      return (error as Error).message;
    }
  };
  const answers = [
    await of(Corpus.fromBlob(new File([new Uint8Array(bytes)], path))),
    await of(corpusFromFile(path)),
    await of(corpusFromFile(path, { inMemoryBytes: 0 })),
  ];
  expect(new Set(answers).size).toBe(1);
  return answers[0].replace(`"${path}"`, 'It');
}

describe('texts in wide encodings are refused by their name', () => {
  test.each([
    ['UTF-16 (little-endian)', utf16(STORY)],
    ['UTF-16 (little-endian)', utf16(STORY, { mark: false })],
    ['UTF-16 (little-endian)', utf16(CHINESE)],
    ['UTF-16 (little-endian)', utf16('ab')],
    ['UTF-16 (big-endian)', utf16(STORY, { big: true })],
    ['UTF-16 (big-endian)', utf16(STORY, { big: true, mark: false })],
    ['UTF-16 (big-endian)', utf16(CHINESE, { big: true })],
    ['UTF-32 (little-endian)', utf32(STORY)],
    ['UTF-32 (little-endian)', utf32(STORY, { mark: false })],
    ['UTF-32 (big-endian)', utf32(STORY, { big: true })],
    ['UTF-32 (big-endian)', utf32(STORY, { big: true, mark: false })],
  ])('%s', async (name, bytes) => {
    expect(await said(bytes)).toBe(
      `It is a text in ${name}, and texts are read as UTF-8. Save it as UTF-8 first.`,
    );
  });

  test('a string of such bytes too', () => {
    const misread = Array.from(utf16(STORY), (byte) => String.fromCharCode(byte)).join('');
    expect(() => Corpus.fromText(misread, { name: 'It' })).toThrow(
      'It is a text in UTF-16 (little-endian), and texts are read as UTF-8.',
    );
  });

  test('other binary data is not', async () => {
    expect(await said(Uint8Array.from({ length: 4000 }, (_, i) => (i * 31 + (i >> 3)) % 256))).toMatch(
      /^It is not a text/,
    );
    expect(await said(new Uint8Array(4000))).toMatch(/^It is not a text: a NUL byte at offset 0/);
  });
});

describe('texts in Windows-1252 are named', () => {
  test('with a warning, if their letters are replaced', async () => {
    expect(await said(cp1252(WESTERN))).toMatch(
      /^\d+ invalid UTF-8 sequences were replaced by U\+FFFD: it looks like Windows-1252 \(cp1252, or Latin-1\)\. Save it as UTF-8 to keep its characters\.$/,
    );
  });

  test('in the error, if most bytes are such letters', async () => {
    expect(await said(cp1252('é à ü '))).toBe(
      'It is a text in Windows-1252 (cp1252, or Latin-1), and texts are read as UTF-8. Save it as UTF-8 first.',
    );
  });

  test('but not a damaged text in UTF-8, or one in another encoding', async () => {
    const faulty = Buffer.concat([Buffer.from(WESTERN), Buffer.from([0xe9, 0x20]), Buffer.from(WESTERN)]);
    expect(await said(faulty)).toBe('1 invalid UTF-8 sequence was replaced by U+FFFD.');
    // "мельница на холме" in Windows-1251, and "四季 " in GBK.
    const russian = [0xec, 0xe5, 0xeb, 0xfc, 0xed, 0xe8, 0xf6, 0xe0, 0x20, 0xed, 0xe0, 0x20];
    for (const word of [russian, [0xcb, 0xc4, 0xbc, 0xbe, 0x20]])
      expect(await said(Uint8Array.from({ length: 600 }, (_, i) => word[i % word.length]))).toMatch(
        /^It is not a text in UTF-8: /,
      );
    expect(await said(Buffer.from(CHINESE))).toBe('');
  });
});
