import { describe, expect, it } from 'vitest';
import { CELLS } from '../../src/graph.js';
import { gradientError, nameOf, recurrentDropoutOf, type WindowCase } from '../support/layers.js';

const base = { input: 3, hidden: 4, layers: 2, batch: 3, time: 5 } as const;

/** Every option that changes a gradient, with N, T and L above 1 and non-zero initial states. */
const casesOf = (cell: (typeof CELLS)[number]): readonly WindowCase[] => {
  const drops = { dropout: 0.3, recurrentDropout: recurrentDropoutOf(cell), step: 7 };
  const all: WindowCase[] = [
    { ...base, cell },
    { ...base, cell, lengths: [2, 5, 1] },
    { ...base, cell, bidirectional: true },
    { ...base, cell, bidirectional: true, lengths: [4, 1, 5] },
    { ...base, cell, ...drops },
    { ...base, cell, ...drops, lengths: [3, 5, 2], bidirectional: true, merge: 'sum' },
    { ...base, cell, bidirectional: true, merge: 'mean', biases: 'single' },
    { ...base, cell, bidirectional: true, merge: 'product', biases: 'none' },
    { ...base, cell, pyramidal: true, bidirectional: true, lengths: [5, 2, 3], layers: 3 },
    { ...base, cell, initialState: 'learned', anew: true, lengths: [2, 5, 3] },
    { ...base, cell, initialState: 'learned', bidirectional: true },
  ];
  // relu has no derivative at its corner: no check there, so that one case is enough.
  if (cell === 'rnn') all.push({ ...base, cell, nonlinearity: 'relu', lengths: [5, 3, 1] });
  if (cell === 'gru') all.push(...all.map((one): WindowCase => ({ ...one, reset: 'before' })));
  return all;
};

describe.each(CELLS)('gradients of %s agree with central differences', (cell) => {
  for (const form of ['fused', 'general'] as const) {
    it.each(casesOf(cell).map((one) => [nameOf(one), one] as const))(`${form}, %s`, async (_, one) => {
      const { error, checked, where } = await gradientError(form, one);
      expect(checked).toBeGreaterThan(60);
      expect(error, where).toBeLessThan(1e-7);
    });
  }
});
