import { expect, it } from 'vitest';
import type * as unrolled from '../../src/index.js';
import { codeOf, run } from '../support/library-docs.js';

interface Results {
  readonly text: string;
  readonly best: readonly unrolled.Generated[];
  readonly drawn: readonly unrolled.Generated[];
  readonly many: readonly (readonly unrolled.Generated[])[];
  readonly continued: unrolled.Generated;
}

it('the examples of "Generating" run', async () => {
  const names = ['text', 'best', 'drawn', 'many', 'continued'];
  const { logged, values } = await run(codeOf('Generating'), names);
  const { text, best, drawn, many, continued } = values as unknown as Results;
  expect(text).toBe('CAB');
  expect(best.map((one) => one.text)[0]).toBe('CAB');
  expect(best.length).toBe(3);
  expect(best[0].attention?.length).toBe(best[0].ids.length * 3);
  expect(drawn[0].text).toMatch(/^A[^C]*$/);
  expect(many.map(([one]) => one.text)).toEqual(['AB', 'BA']);
  expect(logged.find(([item]) => typeof item === 'object')?.[0]).toMatchObject({
    exactMatch: 1,
    count: 6,
  });
  expect(continued.text).toBe('the dog and the dog');
});
