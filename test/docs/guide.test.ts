import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as graphDoor from '../../src/graph.js';
import * as unrolled from '../../src/index.js';
import { codeBlocks, codeOf, run, sectionsWithCode } from '../support/library-docs.js';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const STORY = `const text = 'The cat sat on the mat. '.repeat(60);\n`;

it("the README's example trains", async () => {
  const [block] = codeBlocks(read('README.md'));
  const short = block.replace('10_000', '200').replace('hidden: 100', 'hidden: 20');
  expect(short).not.toBe(block);
  const code = `${STORY}const file = { text: async () => text };\n${short.replace(/import (\{[^}]*\}) from 'unrolled';/, 'const $1 = unrolled;')}`;
  const { logged } = await run(code.replace('trainer.dispose();', ''), ['trainer']);
  const losses = logged.slice(0, 200).map(([, loss]) => Number(loss));
  expect(losses[199]).toBeLessThan(0.9 * losses[0]);
  expect(logged[200]).toEqual([expect.stringMatching(/^.{200}$/s)]);
});

it('the first model learns, is inspected, its checkpoint continues, and options of training apply', async () => {
  const code = [
    STORY,
    codeOf('A first model'),
    codeOf('Inside a model of text'),
    codeOf('Checkpoints and weights'),
    codeOf('Options of training'),
  ].join('\n');
  const { logged, values } = await run(code, ['trainer', 'again', 'tuned']);
  const { trainer, again, tuned } = values as unknown as Record<
    'trainer' | 'again' | 'tuned',
    unrolled.Trainer
  >;
  const [[evaluated], [written]] = logged.filter((row) => row.length === 1) as [[number], [string]];
  expect(evaluated).toBeLessThan(0.7 * trainer.baseline);
  expect(written).toHaveLength(40);
  const [T, H] = [23, 32];
  expect(logged.slice(-7, -3)).toEqual([
    [T, T * H],
    [expect.arrayContaining([expect.anything()]), expect.any(Number)],
    [expect.any(Number), expect.any(String), expect.any(Number)],
    [12],
  ]);
  expect(again.step).toBe(trainer.step);
  expect(logged.slice(-3).map(([step]) => step)).toEqual([1, 2, 3]);
  const weights = await tuned.parameters();
  const start = tuned.model.layout.unpack(tuned.model.initialParameters(0));
  expect(weights['embedding.weight'].data).toEqual(start['embedding.weight'].data);
  expect(weights['head.weight'].data).not.toEqual(start['head.weight'].data);
});

it('an LSTM recalls two symbols after a gap', async () => {
  const { logged } = await run(codeOf('Memory over many steps'), []);
  expect(logged[0]).toEqual([1]);
  const [first, last] = [logged[1], logged[4]].map(([, loss]) => Number(loss));
  expect(last).toBeLessThan(first);
  expect(logged[5][0]).toBeGreaterThan(1 / 8);
});

it('layers on their own have the shapes that the guide gives', async () => {
  const { logged } = await run(codeOf('Layers on their own'), []);
  expect(logged).toEqual([
    [5 * 3 * 24, 3 * 24, 4 * 3 * 12],
    [['i', 'f', 'g', 'o', 'h', 'c'], 5 * 3 * 12],
  ]);
});

it('a graph of your own has the gradient of its weights', async () => {
  const { logged } = await run(codeOf('Graphs of your own'), []);
  expect(logged[0][1]).toEqual(Float32Array.of(18, 22, 26, 18, 22, 26));
  expect(String(logged[1][0])).toContain('2 dispatches');
});

it('a page stores measured kernels', async () => {
  const stored = new Map<string, string>();
  const storage = { getItem: (key: string) => stored.get(key) ?? null, setItem: stored.set.bind(stored) };
  const previous = Object.getOwnPropertyDescriptor(globalThis, 'localStorage');
  Object.defineProperty(globalThis, 'localStorage', { value: storage, configurable: true });
  try {
    const { values } = await run(codeOf('Devices'), ['tuningStore']);
    const { tuningStore } = values as {
      readonly tuningStore: {
        read: () => Promise<string | undefined>;
        write: (text: string) => Promise<void>;
      };
    };
    expect(await tuningStore.read()).toBeUndefined();
    await tuningStore.write('{}');
    expect(await tuningStore.read()).toBe('{}');
  } finally {
    if (previous) Object.defineProperty(globalThis, 'localStorage', previous);
    else Reflect.deleteProperty(globalThis, 'localStorage');
  }
});

it('a test runs every section of the guide that has code', () => {
  const tests = readdirSync(new URL('test/', root), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => read(`test/${file}`))
    .join('\n');
  const sections = sectionsWithCode();
  expect(sections.length).toBeGreaterThan(10);
  for (const section of sections) expect(tests, section).toContain(`codeOf('${section}')`);
});

it('every name of an example is behind the door that it is imported from', () => {
  const doors = { unrolled, 'unrolled/graph': graphDoor };
  for (const block of [...codeBlocks(), ...codeBlocks(read('README.md'))])
    for (const [, names, door] of block.matchAll(/import \{([^}]*)\} from '(unrolled|unrolled\/graph)';/g))
      for (const name of names.split(',').map((each) => each.trim()))
        if (name !== '') expect(Object.keys(doors[door as keyof typeof doors]), door).toContain(name);
});
