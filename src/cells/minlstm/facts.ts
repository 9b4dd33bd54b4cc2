import type { CellFacts } from '../cell-facts.js';

/** The minLSTM of Feng et al. (2024): gates from the input alone. */
export const minlstm = {
  noun: 'a minLSTM',
  gates: ['f', 'i', 'h'],
  states: ['h'],
  recurrentWeights: false,
  savedGates: ['f', 'i', 'candidate'],
} as const satisfies CellFacts;
