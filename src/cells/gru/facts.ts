import type { CellFacts } from '../cell-facts.js';

/** The gated recurrent unit of Cho et al. (2014). */
export const gru = {
  noun: 'a GRU',
  gates: ['r', 'z', 'n'],
  states: ['h'],
  recurrentWeights: true,
  savedGates: ['r', 'z', 'n'],
  torch: 'GRU',
  keras: { gates: ['z', 'r', 'n'], twoBiases: { reset: 'after' } },
  onnx: {
    operator: 'GRU',
    gates: ['z', 'r', 'n'],
    attributes: ({ reset }) => ({ linear_before_reset: reset === 'after' ? 1 : 0 }),
  },
} as const satisfies CellFacts;
