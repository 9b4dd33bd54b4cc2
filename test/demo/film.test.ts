import { expect, test } from 'vitest';
import { stateLevels, surpriseOf, surprises } from '../../demo/src/film/passage.js';
import { channels } from '../../demo/src/page/heat-map.js';

test('surprise of a stretch: bits at each letter but the first, their mean, and where the largest is', () => {
  const reading = { symbols: Array.from('ab c'), next: Float32Array.of(0.5, 0.125, 1, NaN) };
  expect(surprises(reading).slice(1)).toEqual([1, 3, 0]);
  expect(surprises(reading)[0]).toBeNaN();
  expect(surpriseOf(reading)).toEqual({ bits: 4 / 3, letter: 'space' });
  expect(surpriseOf({ symbols: ['a'], next: Float32Array.of(NaN) })).toBeUndefined();
});

test('states as levels: a row for each unit of each layer, within the scale of its layer', () => {
  const layers = [{ h: Float32Array.of(1, -0.5, 0, 0.25) }, { h: Float32Array.of(4, 0, -2, NaN) }];
  expect(stateLevels({ symbols: ['a', 'b'], layers })).toEqual({
    levels: Int8Array.of(127, 0, -63, 32, 127, -63, 0, 0),
    rows: 4,
    columns: 2,
  });
});

test('colours are read as the style sheet has them, and as the build shortens them', () => {
  expect(channels('#7fb0f5')).toEqual([127, 176, 245]);
  expect(channels('#fff')).toEqual([255, 255, 255]);
});
