import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../src/index.js';
import { LEGEND, ops } from '../../src/graph.js';
import { elementCount, evaluateDim, evaluateShape, formatShape, solveDim } from '../../src/core/notation.js';
import { Random, STREAM } from '../../src/core/random.js';

describe('dimensions', () => {
  it.each([
    ['T', 25],
    ['T+1', 26],
    ['4H', 400],
    ['T*N', 75],
    ['2T*N+H', 250],
    ['7', 7],
  ])('%s', (expression, value) => {
    expect(evaluateDim(expression, { T: 25, N: 3, H: 100 })).toBe(value);
  });

  it.each(['', 't', 'T-1', 'T//N', '2.5H'])('"%s" is none', (expression) => {
    expect(() => evaluateDim(expression, { T: 1, N: 1, H: 1 })).toThrow(ShapeError);
  });

  it('names a letter without a value', () => {
    expect(() => evaluateShape(['T', '3H'], { T: 2 })).toThrow(
      'Dimension H of "3H" has no value; known are T.',
    );
  });

  it.each([
    ['T+1', 26, {}, ['T', 25]],
    ['4H', 400, {}, ['H', 100]],
    ['T*N', 75, { N: 3 }, ['T', 25]],
    ['H+H', 10, {}, ['H', 5]],
    ['4H', 401, {}, undefined],
    ['T+1', 0, {}, undefined],
    ['T*N', 75, {}, undefined],
    ['T', 5, { T: 5 }, undefined],
  ])('%s = %i with %o', (expression, value, dims, solution) => {
    expect(solveDim(expression, value, dims)).toEqual(solution);
  });

  it('formats shapes for messages; a scalar has one element', () => {
    expect(formatShape(['T+1', 'N', 'H'], { T: 25, N: 1, H: 100 })).toBe('[T+1,N,H] = [26,1,100]');
    expect([elementCount([]), elementCount([26, 1, 100]), elementCount([3, 0])]).toEqual([1, 2600, 0]);
  });

  it('contracts use letters of the legend alone', () => {
    const letters = Object.values(ops).flatMap((op) =>
      Object.values(op.tensors).flatMap(({ shape }) => shape.flatMap((dim) => dim.match(/[A-Z]/g) ?? [])),
    );
    expect([...new Set(letters)].filter((letter) => !(letter in LEGEND))).toEqual([]);
  });
});

describe('random numbers', () => {
  it('continue with the same numbers from a stored position, also past 2³² words', () => {
    for (const position of [0, 3, 5, 2 ** 34 - 2, 2 ** 34 + 1]) {
      const whole = new Random(7, STREAM.data, position);
      const words = Array.from({ length: 9 }, () => whole.word());
      const rest = new Random(7, STREAM.data, position + 4);
      expect(Array.from({ length: 5 }, () => rest.word())).toEqual(words.slice(4));
    }
    expect(new Random(7, STREAM.data, 0).word()).not.toBe(new Random(7, STREAM.data, 2 ** 34).word());
  });

  it('below is uniform, normal has mean 0 and deviation 1', () => {
    const random = new Random(1, STREAM.test);
    const counts = [0, 0, 0];
    for (let i = 0; i < 30_000; i++) counts[random.below(3)]++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
    const values = Array.from({ length: 20_000 }, () => random.normal());
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length - 1)).toBeLessThan(
      0.05,
    );
  });
});
