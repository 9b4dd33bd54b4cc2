import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root, run, type Finished } from './run.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unrolled-gpus-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const table = (...paths: string[]): Promise<Finished> =>
  run(process.execPath, [join(root, 'scripts/gpu-table.mjs'), ...paths]);

/** Writes a report with these figures, and returns its path. */
async function reportOf(adapter: string, grid: readonly object[], ceilings = true): Promise<string> {
  const path = join(folder, `${adapter}.json`);
  const own = { adapter, gflops: 12345.6, gbs: 456.7, launchMicroseconds: 4.321, submitMicroseconds: 150.2 };
  const report = {
    machine: { adapter, runtime: 'Dawn in Node', date: '2026-01-02T03:04:05.678Z' },
    ceilings: ceilings ? [{ ...own, adapter: 'CPU' }, own] : [],
    grid,
  };
  await writeFile(path, JSON.stringify(report));
  return path;
}

test('makes a row of each report, with tuned times first and the share of the limit', async () => {
  const limit = { share: 0.614, binds: 'arithmetic' };
  const paths = [
    await reportOf('GPU Two', [{ workload: 'rnn', strategy: 'fused', medianMs: 2, limit }], false),
    await reportOf('GPU Three', [
      { workload: 'rnn', strategy: 'fused', precision: 'single', medianMs: 2, reduced: ['one step'] },
      { workload: 'rnn', strategy: 'fused, mixed', precision: 'mixed', medianMs: 1.5 },
      { workload: 'rnn', strategy: 'tuned, mixed', precision: 'mixed', medianMs: 1.2, limit },
      { workload: 'lstm', strategy: 'fused, mixed', precision: 'mixed', medianMs: 3 },
    ]),
    await reportOf('GPU One', [
      { workload: 'rnn', strategy: 'fused', medianMs: 0.5 },
      { workload: 'rnn', strategy: 'tuned', medianMs: 0.4, limit },
      { workload: 'lstm', strategy: 'fused', medianMs: 1500 },
      { workload: 'lstm', strategy: 'cpu', medianMs: 1 },
    ]),
  ];
  const { code, stdout, stderr } = await table(...paths);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.trim().split('\n')).toEqual([
    '| adapter | runtime | date | GFLOP/s | GB/s | µs a launch | µs a submit | rnn | lstm |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    '| GPU One | Dawn in Node | 2026-01-02 | 12,346 | 457 | 4.32 | 150 | 0.400, 61 % of arithmetic; untuned 0.500 | 1,500 |',
    '| GPU Three | Dawn in Node | 2026-01-02 | 12,346 | 457 | 4.32 | 150 | 2.00 (one step). mixed 1.20, 61 % of arithmetic; untuned 1.50 | mixed 3.00 |',
    '| GPU Two | Dawn in Node | 2026-01-02 |  |  |  |  | 2.00, 61 % of arithmetic | – |',
  ]);
});

test('says which file is no report, and how it is called', async () => {
  const path = join(folder, 'other.json');
  await writeFile(path, '{"machine":{}}');
  expect(await table(path)).toMatchObject({
    code: 1,
    stderr: `${path}: it is no report of unrolled bench --report\n`,
  });
  expect(await table()).toMatchObject({
    code: 2,
    stderr: 'Usage: node scripts/gpu-table.mjs REPORT.json…\n',
  });
});
