import { describe, expect, it, test } from 'vitest';
import type { Inspection } from '../../src/index.js';
import { scoreUnits, FEATURES } from '../../src/graph.js';

/** The values of a feature on a text, one digit for each symbol. */
function valuesOf(name: string, text: string): string {
  const feature = FEATURES.find((one) => one.name === name);
  if (!feature) throw new Error(`There is no feature "${name}".`);
  const values = feature.values([...text]);
  expect(values).toHaveLength([...text].length);
  return Array.from(values, (value) => value.toString(36)).join('');
}

describe('features of texts, written by hand', () => {
  // prettier-ignore
  test.each([
    ['position in line', 'ab c\nde\n\nf', '1234012001'],
    ['indentation',      '  if x\n    go  on\n\tz', '12222201234444444011'],
    ['position in word', 'to be, 漢字 it', '120120000012'],
    ['word end',         'to be, 漢字 it.', '0100100000010'],
    ['between words',    'to be, it', '001001100'],
    ['capital letter',   'He Äß é', '1001000'],
    ['inside quotes',    'a "bc" d', '00111000'],
    ['inside quotes',    '“a” «b»', '1100110'],
    ['inside brackets',  'f(a[b]) c', '011111000'],
    ['bracket depth',    'f(a[b]) c', '011221000'],
    ['bracket depth',    'a) (b] c) < d <e>', '00011111000000110'],
    ['URL',              'at http://a.b/c, now', '00011111111111100000'],
    ['URL',              '😀 (see WWW.x.yz)', '0000000111111110'],
  ])('%s of %j', (name, text, expected) => {
    expect(valuesOf(name, text)).toBe(expected);
  });

  it('an empty line closes an open quotation', () => {
    expect(valuesOf('inside quotes', '"a\nb\n\nc')).toBe('1111100');
  });
});

/** A made-up inspection of one layer, from states [T,H]. */
function inspectionOf(text: string, units: readonly (readonly number[])[]): Inspection {
  const symbols = [...text];
  const H = units.length;
  const h = Float32Array.from({ length: symbols.length * H }, (_, i) => units[i % H][Math.floor(i / H)]);
  return { symbols, hidden: H, layers: [{ h }], likeliest: [], next: new Float32Array(symbols.length) };
}

describe('scores of units', () => {
  const text = ['He said "go on" to us.', 'She did "not go" at all.', ''].join('\n');
  const of = (name: string): number[] =>
    Array.from(FEATURES.find((one) => one.name === name)?.values([...text]) ?? []);
  const noise = [...text].map((_, t) => Math.sin(12.9898 * t * t + 1) * 0.4);

  it('list the units that follow a feature, the strongest first, with their sign', () => {
    const still = noise.map(() => 0.5);
    const line = of('position in line').map((value, t) => value / 25 + 0.3 * noise[t]);
    const quotes = of('inside quotes').map((value) => 0.9 - 1.8 * value);
    const scores = scoreUnits(inspectionOf(text, [noise, still, line, quotes]));
    expect(scores.map(({ unit }) => unit)).toEqual([3, 2, 0]); // the one that stands still is left out
    expect(scores[0]).toMatchObject({ layer: 0, feature: 'inside quotes' });
    expect(scores[0].correlation).toBeCloseTo(-1, 6);
    expect(scores[1].feature).toBe('position in line');
    expect(scores[1].correlation).toBeGreaterThan(0.8);
    expect(Math.abs(scores[2].correlation)).toBeLessThan(0.5);
  });

  it('accept features and activations of the caller, and refuse wrong lengths', () => {
    const inspection = inspectionOf('abab', [[1, 0, 1, 0.1]]);
    const isA = {
      name: 'a',
      about: '',
      values: (symbols: readonly string[]) => Float32Array.from(symbols, (symbol) => Number(symbol === 'a')),
    };
    expect(scoreUnits(inspection, { features: [isA] })).toMatchObject([{ unit: 0, feature: 'a' }]);
    expect(() => scoreUnits(inspection, { of: 'c' })).toThrow('scoreUnits.of: expected one of h, got "c".');
    expect(() =>
      scoreUnits(inspection, { features: [{ ...isA, values: () => new Float32Array(3) }] }),
    ).toThrow('The feature "a" has 3 values for 4 symbols.');
  });
});
