import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root, run, type Finished } from './run.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unrolled-bench-'));
  await run(process.execPath, ['scripts/setup.mjs']);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function bench(...args: string[]): Promise<Finished> {
  return run(process.execPath, [join(root, 'scripts/bench.mjs'), ...args], { env: { CI: 'true' } });
}

/** Runs `npm run bench` on a page that only pretends to measure; `--only` selects how it ends. */
function benchOnFakePage(
  ending: 'done' | 'partly' | 'failed' | 'ready',
  ...args: string[]
): Promise<Finished> {
  return bench('--dist', folder, '--only', ending, ...args);
}

const FAKE_PAGE = `
  let asked = 0;
  const only = new URLSearchParams(location.search).get('only');
  const status = () => (++asked < 3 ? 'running' : only === 'partly' ? 'done' : only);
  const texts = { json: JSON.stringify({ leftOut: [{ workload: 'a model', strategy: 'fused', why: 'It is wrong.', failed: only === 'partly' }], search: location.search }), csv: 'part,name', md: '# Benchmark' };
  window.unrolledBench = { state: () => ({ status: status(), doing: 'a workload: fused, round 1 of 5', sentence: 'It is over.' }), text: (format) => texts[format] };`;

beforeAll(() =>
  writeFile(
    join(folder, 'bench.html'),
    '<!doctype html><title>fake</title><link rel="icon" href="data:,"><p id="form-error">This is ' +
      `wrong.</p><script>${FAKE_PAGE}</script>`,
  ),
);

test('prints the report, keeps it in three formats, and ends with 0', async () => {
  const out = join(folder, 'out');
  const chosen = ['--parts', 'grid', '--precision', 'single', '--no-cpu'];
  const { code, stdout, stderr } = await benchOnFakePage('done', ...chosen, '--out', out);
  expect(stderr).toBe('  a workload: fused, round 1 of 5\n');
  expect(stdout).toBe('# Benchmark\n');
  expect(code).toBe(0);
  expect(await readFile(join(out, 'bench.csv'), 'utf8')).toBe('part,name');
  expect(JSON.parse(await readFile(join(out, 'bench.json'), 'utf8'))).toMatchObject({
    search: '?autostart=1&parts=grid&precision=single&only=done&cpu=0',
  });
});

test.each([
  ['something failed', 'partly', 1, /^unrolled: a model, fused: It is wrong\.\n$/],
  ['the page gave up', 'failed', 1, /^unrolled: the benchmark ended early: This is wrong. \| It is over.\n$/],
  ['the page refuses its options', 'ready', 2, /^unrolled: This is wrong. Options: --parts [^\n]*\n$/],
] as const)('%s', async (_, ending, code, message) => {
  const finished = await benchOnFakePage(ending, '--json');
  expect(finished.stderr).toMatch(message);
  expect(finished.code).toBe(code);
});

test('options that it has not got are refused in one line', async () => {
  const [unknown, helped, nowhere] = await Promise.all([
    bench('--speed', 'fast'),
    bench('--help'),
    bench('--dist', join(folder, 'nowhere')),
  ]);
  expect(unknown.stderr).toMatch(/^unrolled: Unknown option '--speed'[^\n]* Options: --parts [^\n]*\n$/);
  expect(unknown.code).toBe(2);
  expect(helped.stdout).toMatch(/^Options: --parts [^\n]*\n$/);
  expect(helped.code).toBe(0);
  expect(nowhere.stderr).toMatch(/^unrolled: \S+bench.html is missing\. Run: npm run build\n$/);
  expect(nowhere.code).toBe(1);
});
