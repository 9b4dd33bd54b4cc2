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

interface Results {
  readonly text: string;
  readonly best: readonly unrolled.Generated[];
  readonly drawn: readonly unrolled.Generated[];
  readonly many: readonly (readonly unrolled.Generated[])[];
  readonly continued: unrolled.Generated;
}

it('the examples of "Generating" run', async () => {
  const logged: unknown[][] = [];
  const names = 'text, best, drawn, many, continued';
  const code = `export const run = async (unrolled, console) => { ${codeOf('Generating')}\nreturn { ${names} }; };`;
  const module = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`)) as {
    readonly run: (library: object, console: object) => Promise<Results>;
  };
  const { text, best, drawn, many, continued } = await module.run(unrolled, {
    log: (...items: unknown[]) => logged.push(items),
  });
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
