import { describe, expect, it } from 'vitest';
import { adam, CELLS, charModel, compile, ops, trainingGraph, Vocabulary, type CharModelOptions } from '../../src/index.js';
import { hasRecurrentWeights } from '../../src/core/gates.js';

const [T, N] = [20, 8];

function dispatches(options: Omit<CharModelOptions, 'vocabulary'>, parallelism: number): number {
  const model = charModel({ vocabulary: Vocabulary.ofNumbers(65), hidden: 64, ...options });
  return compile(trainingGraph(model, { T, N, loss: 'mean', clip: { norm: 5 }, optimizer: adam() }), ops, { parallelism }).launches.length;
}

describe.each([8, 16384])('dispatches of a training step, parallelism %i', (parallelism) => {
  it.each(CELLS)('of %s stay within the budget, with dropout too', (cell) => {
    for (const layers of [1, 2, 3]) {
      const recurrent = hasRecurrentWeights(cell);
      const budget = (recurrent ? 2 * T * layers : 0) + 6 * layers + 9;
      const plain = dispatches({ cell, layers }, parallelism);
      const dropping = dispatches({ cell, layers, dropout: layers > 1 ? 0.3 : 0, recurrentDropout: recurrent ? 0.3 : 0 }, parallelism);
      expect(plain).toBeLessThanOrEqual(budget);
      expect(dropping).toBe(plain);
    }
  });

  it.each(CELLS)('of %s: an embedding and learned initial states add a few, none of them per step', (cell) => {
    for (const layers of [1, 2]) {
      const plain = dispatches({ cell, layers }, parallelism);
      expect(dispatches({ cell, layers, embedding: 16 }, parallelism) - plain).toBeLessThanOrEqual(4);
      expect(dispatches({ cell, layers, initialState: 'learned' }, parallelism) - plain).toBeLessThanOrEqual(2 * layers);
    }
  });
});
