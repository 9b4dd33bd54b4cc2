import { expect, it } from 'vitest';
import type { InputConnectivity } from '../../src/graph.js';
import { codeOf, run } from '../support/library-docs.js';

it('the example of "Inside any model" runs', async () => {
  const { logged, values } = await run(codeOf('Inside any model'), ['ids']);
  const { ids } = values as { readonly ids: InputConnectivity };
  const [T, N, H] = [3, 4, 8];
  expect(logged.slice(0, 2)).toEqual([
    ['rnn', 0, 'forward', T, T * N * H, T * N * H],
    ['rnn', 0, 'reverse', T, T * N * H, T * N * H],
  ]);
  expect(ids.norms).toHaveLength(4);
  expect([...ids.norms].every((norm) => norm > 0)).toBe(true);
});
