import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DataError, OptionError, records } from '../../../src/node.js';
import { PNG_COLOURS, png, pngChunk, type PngParts } from '../../support/png.js';

const folder = mkdtempSync(join(tmpdir(), 'png-'));
afterAll(() => rmSync(folder, { recursive: true }));

const named = (bytes: Uint8Array<ArrayBuffer>, name = 'a.png'): File => new File([bytes], name);
const table = records.of([{ file: 'a.png', label: 'cat' }]);

/** Shape and levels. The levels are given as samples. */
async function read(parts: PngParts, largest: number): Promise<readonly [number[], number[]]> {
  const { rows, columns, channels, image } = (await records.png([named(png(parts))], table)).at(0);
  return [[rows, columns, channels], Array.from(image, (level) => Math.round(level * largest * 1e3) / 1e3)];
}

describe('pixels of PNG files', () => {
  const { grey, colour, palette, greyAlpha, colourAlpha } = PNG_COLOURS;

  it('are grey levels of 8 and 16 bits', async () => {
    const parts = {
      columns: 3,
      colours: grey,
      lines: [
        [0, 51, 255],
        [1, 2, 3],
      ],
    };
    expect(await read(parts, 255)).toEqual([
      [2, 3, 1],
      [0, 51, 255, 1, 2, 3],
    ]);
    const wide = { columns: 2, depth: 16, colours: grey, lines: [[0x12, 0x34, 0xff, 0xff]] };
    expect(await read(wide, 65535)).toEqual([
      [1, 2, 1],
      [0x1234, 65535],
    ]);
  });

  it('are grey levels of 1, 2 and 4 bits, whose rows start with a new byte', async () => {
    const of = (depth: number, lines: number[][], columns: number) =>
      read({ columns, depth, colours: grey, lines }, 2 ** depth - 1);
    expect(await of(1, [[0b10110000], [0b01100000]], 3)).toEqual([
      [2, 3, 1],
      [1, 0, 1, 0, 1, 1],
    ]);
    expect(await of(2, [[0b11_10_01_00, 0b01_000000]], 5)).toEqual([
      [1, 5, 1],
      [3, 2, 1, 0, 1],
    ]);
    expect(await of(4, [[0xf3, 0x70]], 3)).toEqual([
      [1, 3, 1],
      [15, 3, 7],
    ]);
  });

  it('are colours, the channels of a pixel side by side', async () => {
    const parts = { columns: 2, colours: colour, lines: [[1, 2, 3, 4, 5, 6]] };
    expect(await read(parts, 255)).toEqual([
      [1, 2, 3],
      [1, 2, 3, 4, 5, 6],
    ]);
    // A palette of an image with true colours is only a suggestion for screens.
    const suggested = { ...parts, chunks: [pngChunk('PLTE', [9, 9, 9])] };
    expect(await read(suggested, 255)).toEqual([
      [1, 2, 3],
      [1, 2, 3, 4, 5, 6],
    ]);
    const indexed = {
      ...{ columns: 3, depth: 2, colours: palette, lines: [[0b01_00_10_00]] },
      chunks: [pngChunk('PLTE', [1, 2, 3, 4, 5, 6, 7, 8, 9])],
    };
    expect(await read(indexed, 255)).toEqual([
      [1, 3, 3],
      [4, 5, 6, 1, 2, 3, 7, 8, 9],
    ]);
  });

  it('have alpha as another channel', async () => {
    const one = { columns: 1, colours: colourAlpha, lines: [[1, 2, 3, 128]] };
    expect(await read(one, 255)).toEqual([
      [1, 1, 4],
      [1, 2, 3, 128],
    ]);
    expect(await read({ ...one, colours: greyAlpha, lines: [[7, 0]] }, 255)).toEqual([
      [1, 1, 2],
      [7, 0],
    ]);
    const indexed = {
      ...{ columns: 2, depth: 8, colours: palette, lines: [[1, 0]] },
      chunks: [pngChunk('PLTE', [1, 2, 3, 4, 5, 6]), pngChunk('tRNS', [64])],
    };
    expect(await read(indexed, 255)).toEqual([
      [1, 2, 4],
      [4, 5, 6, 255, 1, 2, 3, 64],
    ]);
    const key = {
      ...{ columns: 3, colours: colour, lines: [[1, 2, 3, 1, 2, 4, 0, 0, 0]] },
      chunks: [pngChunk('tRNS', [0, 1, 0, 2, 0, 3])],
    };
    expect(await read(key, 255)).toEqual([
      [1, 3, 4],
      [1, 2, 3, 0, 1, 2, 4, 255, 0, 0, 0, 255],
    ]);
  });

  it('undo filters and interlacing', async () => {
    const differences = { columns: 3, colours: grey, filter: 1, lines: [[10, 5, 255]] };
    expect(await read(differences, 255)).toEqual([
      [1, 3, 1],
      [10, 15, 14],
    ]);
    // Passes of 2·2 pixels: the first pixel, the second one of its row, and the row below.
    const passes = { columns: 2, rows: 2, colours: grey, interlaced: true, lines: [[1], [2], [3, 4]] };
    expect(await read(passes, 255)).toEqual([
      [2, 2, 1],
      [1, 2, 3, 4],
    ]);
    await expect(read({ ...passes, depth: 4 }, 15)).rejects.toThrow(
      '"a.png" is interlaced with 4 bits a sample, which cannot be read: save it without interlacing.',
    );
  });
});

describe('records of PNG files', () => {
  const small = png({ columns: 2, colours: PNG_COLOURS.grey, lines: [[0, 255]] });
  const other = png({ columns: 2, colours: PNG_COLOURS.grey, lines: [[255, 0]] });

  it('are the rows of a table, with the files of a folder or a list', async () => {
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'a.png'), small);
    writeFileSync(join(folder, 'sub', 'b.png'), other);
    const rows = records.of([
      { name: 'sub/b.png', label: 'dog' },
      { name: 'a.png', label: 'cat' },
    ]);
    const inFolder = named(other, 'b.png');
    Object.defineProperty(inFolder, 'webkitRelativePath', { value: 'pets/sub/b.png' });
    for (const files of [folder, `${folder}/`, [named(small), inFolder, named(small, 'unnamed.png')]])
      expect([...(await records.png(files, rows, { file: 'name' }))]).toEqual([
        { name: 'sub/b.png', label: 'dog', image: Float32Array.of(1, 0), rows: 1, columns: 2, channels: 1 },
        { name: 'a.png', label: 'cat', image: Float32Array.of(0, 1), rows: 1, columns: 2, channels: 1 },
      ]);
  });

  it('keep the warnings of the table', async () => {
    const bytes = Uint8Array.from([...Buffer.from('file,label\na.png,'), 0xff, 0x0a]);
    const rows = await records.csv(new File([bytes], 'labels.csv'));
    expect((await records.png([named(small)], rows)).warnings).toEqual(rows.warnings);
    expect(rows.warnings).toHaveLength(1);
  });

  it('report missing files and rows without a name', async () => {
    await expect(records.png(folder, records.of([{ file: 'no.png' }]))).rejects.toThrow(
      /^Record 0 names "no\.png": Cannot read ".*no\.png": there is no such file\.$/,
    );
    const list = [named(small)];
    await expect(records.png(list, records.of([{ file: 'a.png' }, { file: 'no.png' }]))).rejects.toThrow(
      'Record 1 names "no.png", which is none of the 1 files; the first is "a.png".',
    );
    await expect(records.png(list, records.of([{ file: '' }]))).rejects.toThrow(
      'Record 0: expected the name of a PNG file in "file", but there is "".',
    );
    await expect(records.png(list, records.of([{ name: 'a.png' }]))).rejects.toThrow(
      'expected the name of a PNG file in "file", but it has "name".',
    );
    await expect(records.png([...list, ...list], table)).rejects.toThrow(
      'Two of the files are named "a.png": rename one of them.',
    );
  });

  it('refuse different sizes and channels', async () => {
    const rows = records.of([{ file: 'a.png' }, { file: 'b.png' }]);
    const beside = (parts: PngParts) => records.png([named(small), named(png(parts), 'b.png')], rows);
    await expect(beside({ columns: 1, colours: PNG_COLOURS.grey, lines: [[0]] })).rejects.toThrow(
      'Record 1: "b.png" has 1·1 pixels with 1 channel (grey), but "a.png" has 1·2 pixels with 1 channel (grey).',
    );
    await expect(
      beside({ columns: 2, colours: PNG_COLOURS.colour, lines: [[1, 2, 3, 4, 5, 6]] }),
    ).rejects.toThrow('has 1·2 pixels with 3 channels (colours), but "a.png" has 1·2 pixels with 1 channel');
  });

  it('refuse another format, and damaged or shortened files', async () => {
    const wrong = (bytes: Uint8Array<ArrayBuffer>) => records.png([named(bytes)], table);
    await expect(wrong(Uint8Array.of(1, 2, 3))).rejects.toThrow('"a.png" is not a PNG file: it starts with');
    await expect(wrong(new Uint8Array(0))).rejects.toThrow('"a.png" is not a PNG file: it is empty.');
    for (let length = 8; length < small.length; length++) {
      const error: unknown = await wrong(small.slice(0, length)).catch((thrown: unknown) => thrown);
      expect(error, `${length} bytes`).toBeInstanceOf(DataError);
      expect(String(error)).toContain('"a.png" is damaged or truncated: ');
    }
    const flipped = Uint8Array.from(small, (byte, i) => (i === 19 ? byte ^ 1 : byte));
    await expect(wrong(flipped)).rejects.toThrow('damaged or truncated: CRC mismatch for chunk IHDR');
    const rowless = png({ columns: 2, rows: 3, colours: PNG_COLOURS.grey, lines: [[0, 255]] });
    await expect(wrong(rowless)).rejects.toThrow('damaged or truncated');
  });

  it('refuse values other than a folder, a list of files, and a table', async () => {
    const options = { name: 'file' } as object;
    for (const call of [
      records.png('', table),
      records.png([], table),
      records.png([new Blob([small]) as File], table),
      records.png([named(small)], [{ file: 'a.png' }] as unknown as typeof table),
      records.png([named(small)], table, options),
      records.png([named(small)], table, { file: 5 as unknown as string }),
    ])
      await expect(call).rejects.toThrow(OptionError);
  });
});
