import { expect, it, vi } from 'vitest';
import { ParameterLayout } from '../../src/layers/parameters.js';

// A cell with as many gates as the minGRU: no cell of the library has the shapes of another.
vi.mock('../../src/cells/facts.js', async (original) => {
  const facts = await original<typeof import('../../src/cells/facts.js')>();
  const twin = { ...facts.FACTS.mingru, noun: 'a twin', gates: ['f', 'c'] };
  return {
    ...facts,
    CELLS: [...facts.CELLS, 'twin'],
    FACTS: { ...facts.FACTS, twin },
    hasRecurrentWeights: (cell: string) => cell !== 'twin' && facts.FACTS[cell as 'gru'].recurrentWeights,
  };
});

const [H, C] = [3, 2];
const layout = new ParameterLayout([{ name: 'weight_ih_l0', shape: [2 * H, C], gates: ['f', 'c'] }]);
const weights = (rows: number) => ({
  weight_ih_l0: { shape: [rows, C], data: new Float32Array(rows * C).fill(1) },
});

it('weights that fit the model are taken, though another cell has the same shapes', () => {
  expect(layout.pack(weights(2 * H)).slice(0, 2 * H * C)).toEqual(new Float32Array(2 * H * C).fill(1));
});

it('weights with the shapes of a third cell are explained', () => {
  expect(() => layout.pack(weights(3 * H))).toThrow(/fits a minLSTM: G = 3.* the model is a twin with G = 2/);
});
