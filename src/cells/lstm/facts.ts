import type { CellFacts } from '../cell-facts.js';

/** The long short-term memory of Hochreiter and Schmidhuber (1997), with a forget gate. */
export const lstm = {
  noun: 'an LSTM',
  gates: ['i', 'f', 'g', 'o'],
  states: ['h', 'c'],
  recurrentWeights: true,
  savedGates: ['i', 'f', 'g', 'o'],
  torch: 'LSTM',
  keras: { gates: ['i', 'f', 'g', 'o'] },
  onnx: { operator: 'LSTM', gates: ['i', 'o', 'f', 'g'], attributes: () => ({}) },
} as const satisfies CellFacts;
