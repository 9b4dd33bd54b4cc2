import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as unrolled from '../../src/index.js';

/** The code of a section of docs/library.md, as the body of a function of the library. */
function codeOf(section: string): string {
  const text = readFileSync(new URL('../../docs/library.md', import.meta.url), 'utf8');
  const [, rest = ''] = text.split(`\n## ${section}\n`);
  const blocks = [...rest.split('\n## ')[0].matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);
  return blocks.join('\n').replace(/import (\{[^}]*\}) from 'unrolled';/g, 'const $1 = unrolled;');
}

it('the example of "Inside any model" runs', async () => {
  const logged: unknown[][] = [];
  const code = `export const run = async (unrolled, console) => { ${codeOf('Inside any model')}\nreturn ids; };`;
  const module = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`)) as {
    readonly run: (library: object, console: object) => Promise<unrolled.InputConnectivity>;
  };
  const ids = await module.run(unrolled, { log: (...items: unknown[]) => logged.push(items) });
  const [T, N, H] = [3, 4, 8];
  expect(logged.slice(0, 2)).toEqual([
    ['rnn', 0, 'forward', T, T * N * H, T * N * H],
    ['rnn', 0, 'reverse', T, T * N * H, T * N * H],
  ]);
  expect(ids.norms).toHaveLength(4);
  expect([...ids.norms].every((norm) => norm > 0)).toBe(true);
});
