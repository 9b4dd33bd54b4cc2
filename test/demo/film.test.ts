import { expect, test } from 'vitest';
import { stateLevels, surpriseOf, surprises } from '../../demo/src/film/passage.js';
import { animated } from '../../scripts/webp.mjs';
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

test('still pictures become one that moves: a canvas of their size, and a frame for each', () => {
  const still = (width: number): Uint8Array => {
    const bits = Buffer.from([0, 0, 0, 0x9d, 0x01, 0x2a, width, 0, 3, 0, 7]);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(bits.length);
    return Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBPVP8 ', 'latin1'), size, bits, Buffer.alloc(1)]);
  };
  const moving = animated([still(5), still(5)], [900, 4000]);
  expect(moving.readUInt32LE(4)).toBe(moving.length - 8);
  const text = moving.toString('latin1');
  expect(text.match(/VP8X|ANIM|ANMF/g)).toEqual(['VP8X', 'ANIM', 'ANMF', 'ANMF']);
  const canvas = text.indexOf('VP8X') + 8;
  expect([moving.readUIntLE(canvas + 4, 3), moving.readUIntLE(canvas + 7, 3)]).toEqual([4, 2]);
  expect(moving.readUIntLE(text.lastIndexOf('ANMF') + 8 + 12, 3)).toBe(4000);
  expect(() => animated([still(5), still(6)], [1, 1])).toThrow('webp: frame 1 is 6·3, the first 5·3.');
});
