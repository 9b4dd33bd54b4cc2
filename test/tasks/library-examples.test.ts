import { expect, it } from 'vitest';
import { codeOf, run } from '../support/library-docs.js';

it('the examples of "Models of tasks" run and learn', async () => {
  const code = codeOf('Models of tasks');
  const { values } = await run(code, ['label', 'probabilities', 'found', 'next']);
  const { label, probabilities, found, next } = values as {
    readonly label: string;
    readonly probabilities: Readonly<Record<string, number>>;
    readonly found: readonly string[];
    readonly next: number;
  };
  expect(label).toBe('good');
  expect(probabilities.good).toBeGreaterThan(0.8);
  expect(found).toEqual(['other', 'vowel', 'other']);
  expect(Math.abs(next - 6)).toBeLessThan(1);
});

it('the examples of "Sequences to sequences, and captions" run and learn', async () => {
  const code = `const { openDevice, adam, characters, dataset, records, Trainer } = unrolled;
    const device = await openDevice();\n${codeOf('Sequences to sequences, and captions')}`;
  const { logged, values } = await run(code, ['measures']);
  const { measures } = values as { readonly measures: Readonly<Record<string, number>> };
  expect(measures.accuracy).toBeGreaterThan(0.9);
  const losses = logged.map(([loss]) => Number(loss));
  expect(losses[119]).toBeLessThan(0.3 * losses[60]);
});
