import { expect, it } from 'vitest';
import { EarlyStopping } from '../../src/graph.js';

it('finds the best validation loss, and stops after `patience` evaluations without a better one', () => {
  const stopping = new EarlyStopping(2);
  expect([3, 2, 2.5, 1, 1, NaN].map((loss) => stopping.next(loss))).toEqual([
    'best',
    'best',
    'wait',
    'best',
    'wait',
    'stop',
  ]);
  expect(stopping.best).toBe(1);
});

it('refuses a patience that is no whole number from 1', () => {
  expect(() => new EarlyStopping(0)).toThrow('patience: expected a whole number of at least 1, got 0.');
});
