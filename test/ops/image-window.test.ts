import { describe, expect, it } from 'vitest';
import { windowPlaces } from '../../src/ops/lib/image-window.js';
import type { Attributes } from '../../src/plan/planner.js';
import { allOps } from '../support/ops.js';

describe('windows over images', () => {
  it.each([
    [28, 3, 1, 1, 28],
    [28, 3, 2, 1, 14],
    [28, 5, 1, 0, 24],
    [7, 2, 2, 0, 3],
    [3, 3, 5, 0, 1],
  ])('%i places, size %i, stride %i, padding %i: %i windows', (length, size, stride, padding, places) => {
    expect(windowPlaces(length, size, { stride, padding })).toBe(places);
  });

  it('an image smaller than the window is refused', () => {
    expect(() => windowPlaces(2, 5, { stride: 1, padding: 1 })).toThrow('does not fit in 2');
  });

  const convolve = (dims: Record<string, number>, attributes: Attributes): unknown =>
    allOps.convolution.plan.forward({
      dims: { N: 1, I: 6, J: 6, C: 1, F: 3, P: 1, Y: 4, X: 4, ...dims },
      attributes: { ...allOps.convolution.attributes, ...attributes },
      target: { parallelism: 64 },
      has: () => true,
      accumulate: [],
    });

  it.each([
    [{ Y: 6, X: 6 }, {}, 'give [Y,X] = [4,4], but the call has [6,6]'],
    [{}, { stride: 0 }, 'convolution.stride'],
    [{}, { padding: 3 }, 'convolution.padding'],
  ])('%o %o', (dims, attributes, message) => {
    expect(() => convolve(dims, attributes)).toThrow(message);
  });

  it('max_pool refuses a wrong size by name', () => {
    expect(() =>
      allOps.max_pool.plan.forward({
        dims: { N: 1, I: 6, J: 6, C: 1, Y: 3, X: 3 },
        attributes: { ...allOps.max_pool.attributes, size: 1.5 },
        target: { parallelism: 64 },
        has: () => true,
        accumulate: [],
      }),
    ).toThrow('max_pool.size');
  });
});
