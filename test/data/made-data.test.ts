import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Random } from '../../src/core/random.js';
import { DataError, OptionError, readSafetensors, records, type Records } from '../../src/index.js';
import { recordsToTensors, recordsToText, toys, type WrittenFormat } from '../../src/graph.js';

const rowsOf = <R extends object>(made: Records<R>): R[] => [...made];

describe('made-up pairs', () => {
  it('add numbers, forwards or backwards', () => {
    for (const { source, target } of toys.addition({ count: 300, digits: 4 })) {
      const [a, b] = source.split('+').map(Number);
      expect(source).toMatch(/^\d{1,4}\+\d{1,4}$/);
      expect(target).toBe(String(a + b));
    }
    const forwards = rowsOf(toys.addition({ count: 50 }));
    for (const [i, { source }] of rowsOf(toys.addition({ count: 50, reversed: true })).entries())
      expect([...source].reverse().join('')).toBe(forwards[i].source);
  });

  it('sort strings of all lengths', () => {
    const rows = rowsOf(toys.sorting({ count: 200, shortest: 2, longest: 6, symbols: 'zyx' }));
    for (const { source, target } of rows) {
      expect(target).toMatch(/^z*y*x*$/);
      expect([...target].sort()).toEqual([...source].sort());
    }
    expect(new Set(rows.map(({ source }) => source.length))).toEqual(new Set([2, 3, 4, 5, 6]));
  });

  it('write dates in many formats, none of which is ambiguous', () => {
    const rows = rowsOf(toys.isoDates({ count: 3000 }));
    const forms = rows.map(({ source }) => source.replace(/\p{L}+/gu, 'x').replace(/\d+/g, '0'));
    expect(new Set(forms).size).toBeGreaterThanOrEqual(10);
    for (const { source, target } of rows) {
      expect(target).toMatch(/^(19|20)\d\d-\d\d-\d\d$/);
      const [year, month, day] = target.split('-').map(Number);
      expect(source).toContain(String(year));
      // Where the platform can parse the source, it finds the same date.
      if (/^[A-Z][a-z]+ \d+, \d+$|^\d+\/\d+\/\d{4}$/.test(source))
        expect(new Date(`${source} UTC`).toISOString().slice(0, 10)).toBe(target);
      const points = /^(\d+)\.(\d+)\.\d+$/.exec(source);
      if (points) expect([Number(points[1]), Number(points[2])]).toEqual([day, month]);
    }
    expect(rows.map(({ source }) => source).join()).toMatch(/1st.*3rd|3rd.*1st/);
    expect(rows.map(({ source }) => source).join()).not.toMatch(/1[123](st|nd|rd)/);
    const meanings = new Map(rows.map(({ source, target }) => [source, target]));
    for (const { source, target } of rows) expect(meanings.get(source)).toBe(target);
  });

  it('write numbers in English and Chinese words', () => {
    const words = (language: 'english' | 'chinese', digits: number): Map<string, string> =>
      new Map(
        rowsOf(toys.numberWords({ count: 20_000, language, digits })).map(({ source, target }) => [
          source,
          target,
        ]),
      );
    const english = words('english', 3);
    const chinese = words('chinese', 3);
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
    const some = {
      0: '零',
      7: '七',
      10: '十',
      12: '十二',
      20: '二十',
      105: '一百零五',
      110: '一百一十',
      999: '九百九十九',
    };
    for (const [number, text] of Object.entries(some)) expect(chinese.get(number)).toBe(text);
    const others = {
      0: 'zero',
      13: 'thirteen',
      21: 'twenty-one',
      90: 'ninety',
      105: 'one hundred and five',
      200: 'two hundred',
    };
    for (const [number, text] of Object.entries(others)) expect(english.get(number)).toBe(text);
    // Large numbers contain the name of every place whose digits are not zero.
    for (const [source, target] of words('english', 9)) {
      expect(target.includes('million')).toBe(Number(source) >= 1e6);
      expect(target.includes('thousand')).toBe(Math.floor(Number(source) / 1000) % 1000 > 0);
    }
    for (const [source, target] of words('chinese', 9)) expect(readChinese(target)).toBe(Number(source));
  });
});

/** Reads a number in Chinese words by its units alone. */
function readChinese(text: string): number {
  let [total, part, digit] = [0, 0, 0];
  for (const symbol of text) {
    const value = '零一二三四五六七八九'.indexOf(symbol);
    if (value >= 0) digit = value;
    else if ('十百千'.includes(symbol)) {
      part += (digit || 1) * { 十: 10, 百: 100, 千: 1000 }[symbol as '十' | '百' | '千'];
      digit = 0;
    } else {
      total += (part + digit) * (symbol === '万' ? 1e4 : 1e8);
      [part, digit] = [0, 0];
    }
  }
  return total + part + digit;
}

describe('made-up sequences', () => {
  it('tag brackets with what may close next', () => {
    const rows = rowsOf(toys.dyck({ count: 200, kinds: 3, deepest: 4, longest: 20 }));
    const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
    let deepest = 0;
    for (const { tokens, tags } of rows) {
      const open: string[] = [];
      for (const [t, token] of tokens.entries()) {
        if (token in closing) open.push(closing[token]);
        else expect(open.pop()).toBe(token);
        deepest = Math.max(deepest, open.length);
        expect(tags[t]).toBe(open.at(-1) ?? toys.noneOpen);
      }
      expect(open).toEqual([]);
    }
    expect(deepest).toBe(4);
    expect(new Set(rows.map(({ tokens }) => tokens.length)).size).toBe(9);
    expect(() => toys.dyck({ count: 1, longest: 7 })).toThrow(OptionError);
  });

  it('put marks far apart, with their order as the label', () => {
    for (const marks of [2, 3]) {
      const rows = rowsOf(toys.temporalOrder({ count: 100, time: 40, marks }));
      for (const { text, label } of rows) {
        expect(text).toMatch(/^E[abcdXY]{38}B$/);
        expect(text.replace(/[^XY]/g, '')).toBe(label);
      }
      expect(new Set(rows.map(({ label }) => label)).size).toBe(2 ** marks);
    }
  });

  it('want the same symbols again after a gap', () => {
    for (const { tokens, tags } of toys.copyMemoryRecords({ count: 20, symbols: 4, delay: 6 })) {
      expect(tokens.join('')).toMatch(/^[a-h]{4}\.{5}>\.{4}$/);
      expect(tags.slice(0, 10)).toEqual(new Array(10).fill(null));
      expect(tags.slice(10)).toEqual(tokens.slice(0, 4));
    }
  });

  it('encode letters as tones of one pitch', () => {
    const rows = rowsOf(toys.morse({ count: 40, noise: 0, bands: 6 }));
    for (const { source: frames, target: text } of rows) {
      expect(text).toMatch(/^[A-Z]{2,6}$/);
      const [T, F] = [frames.length / 6, 6];
      const loud = Array.from({ length: F }, (_, f) =>
        frames.filter((_, i) => i % F === f).some((x) => x === 1),
      );
      expect(loud.filter(Boolean)).toHaveLength(1);
      const pitch = loud.indexOf(true);
      const tone = Array.from({ length: T }, (_, t) => (frames[t * F + pitch] === 1 ? '#' : ' ')).join('');
      // As many tones as the letters have marks; E is one and J is four.
      const marks = [...text].map((letter) => MARKS[letter.charCodeAt(0) - 65]);
      expect(tone.split(/ +/).filter((part) => part !== '')).toHaveLength(marks.join('').length);
    }
    const [noisy] = rowsOf(toys.morse({ count: 1 }));
    expect(noisy.source.some((value) => value < 0)).toBe(true);
    // A message of chosen letters is one of the same kind.
    const { source, target } = toys.morseOf('SOS', { noise: 0, bands: 6, seed: 3 });
    expect(target).toBe('SOS');
    expect(source.filter((value) => value === 1).length).toBeGreaterThan(9);
    expect(toys.morseOf('SOS', { noise: 0, bands: 6, seed: 3 }).source).toEqual(source);
    expect(() => toys.morseOf('sos')).toThrow(/letters from A to Z/);
  });

  it('show shapes that move as their tags say', () => {
    const side = 9;
    const moves: Readonly<Record<string, number>> = { rest: 0, left: -1, right: 1, up: -side, down: side };
    const rows = rowsOf(toys.movingShapes({ count: 60, time: 12, side, noise: 0 }));
    for (const { frames, tags } of rows) {
      expect(tags).toHaveLength(12);
      const pixels = (t: number): number[] =>
        [...frames.slice(t * side * side, (t + 1) * side * side)].flatMap((value, i) =>
          value > 0 ? [i] : [],
        );
      for (let t = 0; t < 11; t++) expect(pixels(t + 1)).toEqual(pixels(t).map((i) => i + moves[tags[t]]));
      expect(tags[11]).toBe(tags[10]);
    }
    expect(new Set(rows.flatMap(({ tags }) => tags))).toEqual(new Set(toys.moveTags));
  });

  it('paint the things of scenes at the places of their grid', () => {
    const pixels = 4;
    for (const { grid, image } of toys.scenes({ count: 20, side: 3, pixels })) {
      expect(image).toHaveLength(12 * 12 * 3);
      for (let place = 0; place < 9; place++)
        for (let colour = 0; colour < 3; colour++) {
          const [top, left] = [Math.floor(place / 3) * pixels, (place % 3) * pixels];
          let painted = 0;
          for (let i = 0; i < pixels; i++)
            for (let j = 0; j < pixels; j++) painted += image[((top + i) * 12 + left + j) * 3 + colour];
          expect(painted > 0).toBe(grid[place * toys.sceneFeatures + colour] === 1);
        }
    }
    // No two of the shapes look alike, whatever their size.
    for (const size of [3, 4, 5, 7]) {
      const seen = new Map<string, string>();
      for (const { caption, image } of toys.scenes({ count: 60, side: 1, things: 1, pixels: size }))
        seen.set(image.join(), caption);
      expect(seen.size).toBe(new Set(seen.values()).size);
      expect(seen.size).toBe(9);
    }
  });
});

const MARKS =
  '.- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --..'.split(
    ' ',
  );

describe('the catalogue', () => {
  it('makes two parts of every data set that share no example', () => {
    for (const { name, options } of toys.catalogue) {
      const make = (seed: number) => toys.parts(name, { rows: 60, heldOut: 20, seed });
      const { train, heldOut } = make(1);
      expect([name, train.length, heldOut?.length]).toEqual([name, 60, 20]);
      const keys = [...train, ...(heldOut ?? [])].map((row) => JSON.stringify(row));
      expect([name, new Set(keys).size]).toEqual([name, 80]);
      expect(rowsOf(make(1).train)).toEqual(rowsOf(train));
      expect(rowsOf(make(2).train)).not.toEqual(rowsOf(train));
      expect(() => toys.parts(name, { rows: 1, options: { colour: 1 } })).toThrow(
        options.length > 0
          ? `options of ${name}.colour: expected one of the options ${options.join(', ')}, got 1`
          : `options of ${name}: expected none, since it has none, got {"colour":1}`,
      );
    }
  });

  it('does not hold out a sum that the training part has with swapped numbers', () => {
    const { train, heldOut } = toys.parts('addition', { rows: 40, heldOut: 15, options: { digits: 1 } });
    const sums = [...train, ...(heldOut ?? [])] as { source: string }[];
    const keys = sums.map(({ source }) => source.split('+').sort().join('+'));
    expect(new Set(keys).size).toBe(55);
  });

  it('stops the search early when there are too few different examples', () => {
    const draws = vi.spyOn(Random.prototype, 'below');
    expect(() => toys.parts('addition', { rows: 20_000, options: { digits: 1 } })).toThrow('55 found');
    expect(draws.mock.calls.length).toBeLessThan(1_000_000);
    draws.mockRestore();
  });

  it('reports that there are too few different examples', () => {
    expect(() => toys.parts('addition', { rows: 60, options: { digits: 1 } })).toThrow(
      new DataError(
        'addition has too few different examples with these options: 60 were wanted, 55 found. Ask for fewer ' +
          'rows, or for longer ones.',
      ),
    );
    expect(() => toys.parts('subtraction', { rows: 1 })).toThrow(OptionError);
    expect(() => toys.parts('addition', { rows: 0 })).toThrow(OptionError);
  });
});

describe('records as files', () => {
  let folder = '';
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'unrolled-made-'))));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const written = async (rows: Records<object>, format: WrittenFormat): Promise<string> => {
    const path = join(folder, `file.${format}`);
    await writeFile(path, await recordsToText(rows, format));
    return path;
  };

  it('are read back unchanged, in the format of each data set', async () => {
    for (const { name, ending, tensors } of toys.catalogue) {
      if (tensors) continue;
      const { train } = toys.parts(name, { rows: 30 });
      const plain = JSON.parse(JSON.stringify(rowsOf(train), listed)) as Record<string, unknown>[];
      const texts = plain.map((row) =>
        Object.fromEntries(Object.entries(row).map(([key, value]) => [key, String(value)])),
      );
      const read = {
        tsv: async (path: string) => [rowsOf(await records.tsv(path, ['source', 'target'])), texts],
        csv: async (path: string) => [rowsOf(await records.csv(path)), texts],
        conll: async (path: string) => [rowsOf(await records.conll(path)), plain],
        jsonl: async (path: string) => [
          rowsOf(await records.jsonl(path)).map((row) => JSON.parse(JSON.stringify(row, rounded)) as unknown),
          JSON.parse(JSON.stringify(plain, rounded)) as unknown,
        ],
      };
      if (ending === 'safetensors') throw new Error(`${name} needs tensors`);
      const [found, wanted] = await read[ending](await written(train, ending));
      expect(found).toEqual(wanted);
    }
  });

  it('quote fields where necessary, and refuse values that the format cannot represent', async () => {
    const odd = records.of([
      { text: 'a "b", c\nd', label: '去' },
      { text: '', label: ' 😀' },
    ]);
    expect(rowsOf(await records.csv(await written(odd, 'csv')))).toEqual(rowsOf(odd));
    expect(rowsOf(await records.jsonl(await written(odd, 'jsonl')))).toEqual(rowsOf(odd));
    await expect(recordsToText(odd, 'tsv')).rejects.toThrow('has a tab or a line end, which TSV cannot hold');
    await expect(recordsToText(odd, 'conll')).rejects.toThrow('Record 0: CoNLL holds "tokens"');
    const list = records.of([{ steps: [1, 2] }]);
    await expect(recordsToText(list, 'csv')).rejects.toThrow(
      new DataError(
        'Record 0: "steps" is [1,2], but CSV holds texts and numbers. Write JSON Lines (.jsonl).',
      ),
    );
  });

  it('write numbers of single precision with few digits', async () => {
    const numbers = records.of([{ x: Float32Array.of(0.1, -2.5, 1e-7, 16777217 / 3, 0) }]);
    const text = await recordsToText(numbers, 'jsonl');
    expect(text).toBe('{"x":[0.1,-2.5,1e-7,5592405.5,0]}\n');
  });

  it('are tensors of features of places, with a table', () => {
    const scenes = toys.scenes({ count: 5 });
    const { tensors } = readSafetensors(recordsToTensors(scenes, { grid: toys.sceneFeatures, image: 3 }));
    expect([tensors.grid.shape, tensors.image.shape]).toEqual([
      [5, 9, 6],
      [5, 225, 3],
    ]);
    expect(Array.from(tensors.grid.data.subarray(54, 108))).toEqual(Array.from(scenes.at(1).grid));
    const ragged = records.of([{ a: Float32Array.of(1, 2) }, { a: Float32Array.of(1) }]);
    expect(() => recordsToTensors(ragged, { a: 1 })).toThrow(
      'Record 1: "a" must have 2 numbers, as the first record has.',
    );
  });
});

/** Typed arrays as lists. */
function listed(_: string, value: unknown): unknown {
  return value instanceof Float32Array ? Array.from(value) : value;
}

/** Numbers in single precision. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.fround(value) : value;
}
