import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Corpus } from '../../src/text/corpus.js';
import { corpusFromFile } from '../../src/text/node/file-corpus.js';
import { Vocabulary } from '../../src/text/vocabulary.js';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'unrolled-test-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const temporary = (): string => mkdtempSync(join(folder, 'ids-'));

describe('corpusFromFile', () => {
  const text = 'Zwölf Boxkämpfer 猫🙂\r\n'.repeat(3000);

  it('gives the same ids in memory, in a temporary file and from a string', async () => {
    const path = file('text.txt', `\uFEFF${text}`);
    const expected = Corpus.fromText(text, { newlines: 'space' });
    for (const inMemoryBytes of [1e9, 0]) {
      const corpus = await corpusFromFile(path, {
        newlines: 'space',
        inMemoryBytes,
        temporaryFolder: temporary(),
      });
      expect(corpus.vocabulary.symbols).toEqual(expected.vocabulary.symbols);
      expect(corpus.ids.read(0, corpus.length)).toEqual(expected.ids.read(0, expected.length));
      expect(corpus.ids.read(40_000, 3)).toEqual(expected.ids.read(40_000, 3));
      expect(corpus.warnings).toEqual([]);
      expect(corpus.fingerprint).toBe(expected.fingerprint);
      corpus.dispose();
    }
  });

  it('reads windows of a temporary file without a promise', async () => {
    const path = file('text.txt', text);
    const batch = { sampling: 'random', batch: 8, time: 25, seed: 1 } as const;
    const outside = await corpusFromFile(path, { inMemoryBytes: 0, temporaryFolder: temporary() });
    const [a, b] = [outside.windows(batch).loader(), Corpus.fromText(text).windows(batch).loader()];
    for (let i = 0; i < 20; i++) expect(a.next()).toEqual(b.next());
    outside.dispose();
  });

  it('takes a limit, a vocabulary and wide ids', async () => {
    const many = Array.from({ length: 400 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('');
    const path = file('wide.txt', many.repeat(100));
    const corpus = await corpusFromFile(path, {
      limit: 1000,
      inMemoryBytes: 0,
      vocabulary: Vocabulary.fromText(many.slice(1)),
    });
    expect(corpus.length).toBe(1000);
    expect(corpus.ids.read(398, 4)).toEqual(Uint16Array.of(397, 398, 399, 0));
    expect(corpus.warnings).toEqual(['3 characters are not in the vocabulary and become unknown: "一", ….']);
    corpus.dispose();
  });

  it('leaves no file in the temporary folder, even while the corpus is open', async () => {
    const temporaryFolder = temporary();
    const corpus = await corpusFromFile(file('text.txt', text), { inMemoryBytes: 0, temporaryFolder });
    expect(readdirSync(temporaryFolder)).toEqual([]);
    corpus.dispose();
    corpus.dispose();
    await expect(
      corpusFromFile(file('late.txt', `${text}\0`), {
        inMemoryBytes: 0,
        temporaryFolder,
        vocabulary: Vocabulary.fromText(text),
      }),
    ).rejects.toThrow('NUL');
    expect(readdirSync(temporaryFolder)).toEqual([]);
  });

  it('reports files that it cannot read, each with one line', async () => {
    const path = join(folder, 'none.txt');
    await expect(corpusFromFile(path)).rejects.toThrow(`Cannot open "${path}": there is no such file.`);
    mkdirSync(join(folder, 'folder'));
    await expect(corpusFromFile(join(folder, 'folder'))).rejects.toThrow(
      'is a folder: give the path of a text file.',
    );
    await expect(corpusFromFile('/dev/null')).rejects.toThrow('"/dev/null" is not a regular file');
    await expect(corpusFromFile(file('empty.txt', ''))).rejects.toThrow(
      `"${join(folder, 'empty.txt')}" is empty: training needs at least two characters`,
    );
    await expect(corpusFromFile(file('one.txt', 'x'))).rejects.toThrow('has a single character');
    await expect(corpusFromFile(file('binary', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 0)))).rejects.toThrow(
      'is not a text: a NUL byte at offset 4',
    );
    await expect(
      corpusFromFile(file('text.txt', text), { inMemoryBytes: 0, temporaryFolder: path }),
    ).rejects.toThrow(
      `Cannot store the ids of a large text in "${path}": there is no such folder. Choose another folder ` +
        'for temporary files (TMPDIR).',
    );
  });

  it('replaces invalid UTF-8, and warns', async () => {
    const corpus = await corpusFromFile(
      file('latin1.txt', Buffer.from('caf\xe9 au lait, '.repeat(17), 'latin1')),
    );
    expect(corpus.warnings).toEqual([
      expect.stringMatching(
        /^17 invalid UTF-8 sequences were replaced by U\+FFFD: it looks like Windows-1252/,
      ),
    ]);
  });
});

describe('a file larger than the memory that reading it may take', () => {
  const LINES = 5_000_000;
  const MEGABYTE = 2 ** 20;

  it('is read with bounded memory', async () => {
    const source = join(folder, 'large.txt');
    const descriptor = openSync(source, 'w');
    const line = (i: number): string => `line ${i}: naïve 猫 text, ${i % 97}\n`;
    for (let i = 0; i < LINES; i += 5000)
      writeSync(descriptor, Array.from({ length: 5000 }, (_, k) => line(i + k)).join(''));
    closeSync(descriptor);

    const outDir = join(folder, 'bundle');
    const entry = join(folder, 'entry.ts');
    const at = (path: string): string => JSON.stringify(join(import.meta.dirname, '../../src/text', path));
    writeFileSync(entry, `export { corpusFromFile } from ${at('node/file-corpus.ts')};\n`);
    await build({
      configFile: false,
      logLevel: 'error',
      build: { ssr: entry, outDir, rolldownOptions: { output: { entryFileNames: 'bundle.mjs' } } },
    });
    writeFileSync(
      join(outDir, 'main.mjs'),
      `import { corpusFromFile } from './bundle.mjs';
      import { statSync } from 'node:fs';
      const before = process.memoryUsage().rss;
      const corpus = await corpusFromFile(${JSON.stringify(source)});
      for (const sampling of ['consecutive', 'random']) {
        const loader = corpus.loader({ sampling, batch: 50, time: 50 });
        for (let i = 0; i < 300; i++) loader.next();
      }
      const last = await corpus.text(corpus.length - 20, 20);
      corpus.dispose();
      const grown = process.resourceUsage().maxRSS * 1024 - before;
      console.log(JSON.stringify({ size: statSync(${JSON.stringify(source)}).size, characters: corpus.characters, V: corpus.vocabulary.size, last, grown }));`,
    );
    const output = execFileSync(process.execPath, ['--max-old-space-size=24', join(outDir, 'main.mjs')], {
      env: { ...process.env, TMPDIR: temporary() },
      encoding: 'utf8',
    });
    const result = JSON.parse(output) as {
      size: number;
      characters: number;
      V: number;
      last: string;
      grown: number;
    };
    console.log(
      `a file of ${Math.round(result.size / MEGABYTE)} MiB: memory grew by at most ` +
        `${Math.round(result.grown / MEGABYTE)} MiB`,
    );
    expect(result.size).toBeGreaterThan(128 * MEGABYTE);
    // Three bytes of each line are continuation bytes: one of ï, two of 猫.
    expect(result.characters).toBe(result.size - LINES * 3);
    expect(result.last).toBe(line(LINES - 1).slice(-20));
    // 16 MiB of blocks, 13 MiB of counts and buffers, and blocks that wait to be collected; the ids
    // alone would take 145 MiB.
    expect(result.grown).toBeLessThan(112 * MEGABYTE);
  }, 120_000);
});
