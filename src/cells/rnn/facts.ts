import type { CellFacts } from '../cell-facts.js';

/** The vanilla RNN: h' = f(W_ih·x + b_ih + W_hh·h + b_hh), f is tanh or relu. */
export const rnn = {
  noun: 'an RNN',
  gates: ['h'],
  states: ['h'],
  recurrentWeights: true,
  savedGates: [],
  torch: 'RNN',
  keras: { gates: ['h'] },
  onnx: {
    operator: 'RNN',
    gates: ['h'],
    attributes: ({ nonlinearity }, directions) => ({
      activations: Array<string>(directions).fill(nonlinearity === 'relu' ? 'Relu' : 'Tanh'),
    }),
  },
} as const satisfies CellFacts;
