import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSafetensors } from '../../../src/node.js';
import { png, PNG_COLOURS } from '../../support/png.js';
import { command, type Outcome } from '../support.js';

/** Options of a tiny run. */
export const SMALL = ['--hidden', '8', '--batch', '4', '--rate', '0.03', '--backend', 'cpu'] as const;

/** Runs the command with words cut at spaces; a name after @ is a file of the test. */
export function runner(file: (name: string) => string) {
  return (words: string, input = ''): Promise<Outcome> =>
    command(
      words.split(' ').map((word) => word.replace(/^@/, file('')).replace(/,@/g, `,${file('')}`)),
      { input },
    );
}

/** The JSON objects of standard output. */
export function objects(out: string): Record<string, unknown>[] {
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Reviews whose label one word decides; quotes hold commas and line ends. */
export function reviews(count: number): string {
  const rows = Array.from({ length: count }, (_, i) =>
    i % 2 === 0 ? `"good, number ${i % 3}\nand ""fine""",positive` : `bad number ${i % 5},negative`,
  );
  return `text,label\n${rows.join('\n')}\n`;
}

/** Two series and a third that is one of them two steps later. */
export function sensors(count: number): string {
  const rows = Array.from({ length: count }, (_, i) => {
    const at = (step: number): number => 20 + 5 * Math.sin(step / 2);
    return `t${i},${at(i).toFixed(4)},${(i % 3).toFixed(1)},${at(i - 2).toFixed(4)}`;
  });
  return `time,temperature,humidity,late\n${rows.join('\n')}\n`;
}

/** IDX files of images of 4·3 pixels: a bright row 0 is of class 3, a bright row 3 of class 7. */
export async function writeDigits(images: string, labels: string, count: number): Promise<void> {
  const header = (type: number, ...sizes: number[]): number[] => [
    ...[0, 0, 8, type],
    ...sizes.flatMap((size) => [0, 0, size >> 8, size & 255]),
  ];
  const pixels = Array.from({ length: count * 12 }, (_, i) => {
    const [image, row] = [Math.floor(i / 12), Math.floor((i % 12) / 3)];
    return row === (image % 2 === 0 ? 0 : 3) ? 255 : 10 * (image % 5);
  });
  await writeFile(images, Uint8Array.from([...header(3, count, 4, 3), ...pixels]));
  const classes = Array.from({ length: count }, (_, i) => (i % 2 === 0 ? 3 : 7));
  await writeFile(labels, Uint8Array.from([...header(1, count), ...classes]));
}

/** Scenes of two places, each with one of two colours, and sentences that name both. */
export async function writeScenes(features: string, captions: string, count: number): Promise<void> {
  const colour = (row: number, place: number): number => (row >> place) & 1;
  const names = ['red', 'blue'];
  // Of each place: which colour, and which place.
  const data = Float32Array.from({ length: count * 6 }, (_, i) => {
    const [row, place, k] = [Math.floor(i / 6), Math.floor((i % 6) / 3), i % 3];
    return k === 2 ? place : Number(colour(row, place) === k);
  });
  await writeFile(features, writeSafetensors({ grid: { dtype: 'F32', shape: [count, 2, 3], data } }, {}));
  const lines = Array.from(
    { length: count },
    (_, row) => `${names[colour(row, 0)]} left, ${names[colour(row, 1)]} right`,
  );
  await writeFile(captions, `${lines.join('\n')}\n`);
}

/** A folder of PNG files of 4·4 pixels in colours, and a table: a red row 3 is an apple, a green one a pear. */
export async function writePictures(folder: string, table: string, count: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const lines = ['file,label'];
  for (let i = 0; i < count; i++) {
    const bright = i % 2 === 0 ? [255, 0, 0] : [0, 255, 0];
    const rows = Array.from({ length: 4 }, (_, row) =>
      Array.from({ length: 4 }, () => (row === 3 ? bright : [0, 0, 10 * (i % 5)])).flat(),
    );
    await writeFile(join(folder, `${i}.png`), png({ columns: 4, colours: PNG_COLOURS.colour, lines: rows }));
    lines.push(`${i}.png,${i % 2 === 0 ? 'apple' : 'pear'}`);
  }
  await writeFile(table, `${lines.join('\n')}\n`);
}
