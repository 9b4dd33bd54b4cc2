import { expect, test } from 'vitest';
import { TASK_ENTRIES } from '../../demo/src/tasks/catalogue.js';
import { realDigits, unpackDigits } from '../../demo/src/tasks/real/records.js';
import { partsOf } from '../../demo/src/tasks/worker/records.js';
import { cutNames, packDigit } from '../../scripts/real-data.mjs';

test('digits are packed at half their size in four grey levels, and unpacked again', () => {
  // Four rows of four: the means of two by two are 0, 1/3, 2/3 and 1.
  const pixels = [0, 0, 1, 0, 0, 0, 0, 0.33, 1, 1, 1, 1, 0.66, 0, 1, 1];
  const packed = packDigit(pixels, 4);
  expect(packed).toHaveLength(1);
  const [{ digit, rows, columns, pixels: found }] = unpackDigits(packed.toString('base64'), 2);
  expect([digit, rows, columns]).toEqual(['0', 2, 2]);
  expect(Array.from(found, (value) => Math.round(3 * value))).toEqual([0, 1, 2, 3]);
});

test('names of both classes and those with other letters are left out', () => {
  expect(cutNames(['Ada', 'Robin', 'Ann-Marie', 'Ada'], ['Robin', 'Ole'])).toEqual({
    female: ['Ada'],
    male: ['Ole'],
  });
});

test('handwriting: every class, learned ones and others, the same for the same seed', async () => {
  const entry = TASK_ENTRIES.find(({ name }) => name === 'handwriting');
  if (!entry) throw new Error('The development dependency mnist is not installed.');
  const { train, heldOut } = await partsOf(entry, 3);
  expect([train.length, heldOut.length]).toEqual([2000, 200]);
  const all = [...train, ...heldOut] as { readonly image: Float32Array; readonly label: string }[];
  expect(new Set(all.map(({ label }) => label)).size).toBe(10);
  expect(new Set(all.map(({ image }) => image.join())).size).toBeGreaterThan(2190);
  expect((await realDigits(3))[0].pixels).toEqual(all[0].image);
  expect((await realDigits(4))[0].pixels).not.toEqual(all[0].image);
});

test('first names: real ones are right, inventions and those of the other class are not', async () => {
  const entry = TASK_ENTRIES.find(({ name }) => name === 'first-names');
  if (!entry) throw new Error('The development dependencies with first names are not installed.');
  const { train, heldOut, isOfClass } = await partsOf(entry, 0);
  expect([train.length, heldOut.length]).toEqual([6000, 200]);
  expect([isOfClass?.('female', 'Abigail'), isOfClass?.('male', 'Abigail')]).toEqual([true, false]);
  expect(isOfClass?.('female', 'Abigailq')).toBe(false);
});
