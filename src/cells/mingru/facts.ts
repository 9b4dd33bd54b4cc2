import type { CellFacts } from '../cell-facts.js';

/** The minGRU of Feng et al. (2024): gates from the input alone. */
export const mingru = {
  noun: 'a minGRU',
  gates: ['z', 'h'],
  states: ['h'],
  recurrentWeights: false,
  savedGates: ['z', 'candidate'],
} as const satisfies CellFacts;
