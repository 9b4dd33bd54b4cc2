import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('../../demo/styles', import.meta.url));
/** Those of the training page: the benchmark shows no signed numbers. */
const styles = readdirSync(folder)
  .filter((file) => file !== 'bench.css')
  .map((file) => readFileSync(`${folder}/${file}`, 'utf8'));

/** All values of a custom property: of the light and of the dark scheme. */
function valuesOf(name: string): string[] {
  return styles.flatMap((style) =>
    [...style.matchAll(new RegExp(`--${name}: (#[0-9a-f]{6});`, 'g'))].map(([, value]) => value),
  );
}

/** Degrees of the colour circle: 0 red, 30 orange, 210 blue. */
function hueOf(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)];
  const sixth =
    most === r
      ? (g - b) / (most - least)
      : most === g
        ? 2 + (b - r) / (most - least)
        : 4 + (r - g) / (most - least);
  return (60 * sixth + 360) % 360;
}

test('signed numbers have one scale on the whole page, blue above zero and orange below', () => {
  // Light, dark, and dark where no text stands on them.
  expect(valuesOf('plus').map((colour) => Math.round(hueOf(colour) / 30))).toEqual([7, 7, 7]);
  expect(valuesOf('minus').map((colour) => Math.round(hueOf(colour) / 30))).toEqual([1, 1, 1]);
});

test.each(['series-0', 'series-1', 'series-2', 'line-baseline', 'line-validation'])(
  '%s, a curve, is neither blue nor orange',
  (name) => {
    const hues = valuesOf(name).map(hueOf);
    expect(hues).toHaveLength(2);
    for (const hue of hues) expect((hue > 15 && hue < 50) || (hue > 195 && hue < 255)).toBe(false);
  },
);
