import { readFile } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { NO_RESULTS, type BenchReport } from '../../src/bench/index.js';
import { partsOf } from '../../src/cli/bench.js';
import { tableOutput } from '../../src/cli/bench-output.js';
import { writeReport } from '../../src/cli/bench-report.js';
import type * as Race from '../../src/device/tuning/race.js';
import { openDevice } from '../../src/index.js';
import { command, temporaryFolder } from './support.js';

// Every variant is measured, but briefly: how long is tested in test/device/race.test.ts.
vi.mock('../../src/device/tuning/race.js', async (load) => {
  const { race } = await load<typeof Race>();
  return { race: (entrants: Parameters<typeof race>[0]) => race(entrants, 10) };
});

const file = temporaryFolder();
const json = (out: string): Record<string, unknown>[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('devices --tune measures kernels, prints the fastest, and stores them in the cache folder', async () => {
  vi.stubEnv('XDG_CACHE_HOME', file(''));
  try {
    const { status, out } = await command([
      ...['devices', '--tune', '--only', 'H100', '--json', '--precision', 'single', 'emulated'],
    ]);
    expect(status).toBe(0);
    const tuned = json(out).filter(({ event }) => event === 'tuned');
    expect(tuned.map(({ of }) => of)).toEqual(
      expect.arrayContaining([
        ...['steps rnn/forward 25x1x100', 'product NT 25x65x100', 'emulated product NT 25x65x100'],
      ]),
    );
    for (const { variant, rule, microseconds, ruleMicroseconds } of tuned)
      expect(Number(microseconds) < Number(ruleMicroseconds)).toBe(variant !== rule);
    const kept = JSON.parse(await readFile(file('unrolled/tuning.json'), 'utf8')) as {
      machines: { variants: Record<string, { variant: string }> }[];
    };
    expect(Object.entries(kept.machines[0].variants).map(([of, { variant }]) => [of, variant])).toEqual(
      tuned.map(({ of, variant }) => [of, variant]),
    );
  } finally {
    vi.unstubAllEnvs();
  }
});

test.each([
  [['devices', '--only', 'H100'], '--only needs --tune'],
  [['devices', '--precision', 'mixed'], '--precision needs --tune'],
  [
    ['bench', '--precision', 'half'],
    "argument 'half' is invalid. Allowed choices are single, mixed, emulated",
  ],
  [
    ['bench', '--precision', 'emulated', '--backend', 'cpu', '--part', 'grid'],
    'unrolled: --precision: expected single, because there is no GPU to compute in half precision, got "emulated".',
  ],
  [
    ['bench', '--precision', 'emulated', '--part', 'generation', '--no-cpu', '--no-reference'],
    'unrolled: --precision: expected single too, because generation has no other, got "emulated".',
  ],
  [['devices', '--tune', '--only', 'H99'], 'expected a part of the name of a workload'],
  [['verify', '--tune', 'cached', '--backend', 'chrome'], '--backend is chrome'],
  [['bench', '--tune', 'cached', '--backend', 'cpu'], 'needs --backend webgpu'],
])('%o is refused', async (args, why) => {
  const { status, error } = await command(args);
  expect(status).toBe(2);
  expect(error).toContain(why);
});

test('bench --precision measures products in it', async () => {
  const { status, out, error } = await command([
    ...['bench', '--part', 'kernels', '--only', 'linear forward R=512 P=65', '--precision', 'emulated'],
    ...['--json', '--rounds', '1', '--turn-ms', '1', '--no-cpu', '--no-reference'],
  ]);
  expect([status, error]).toEqual([0, '']);
  expect(json(out)).toMatchObject([{ kernel: 'linear forward, emulated', precision: 'emulated' }]);
});

test('bench without single precision leaves out the parts that have no other', () => {
  const all = ['ceilings', 'grid', 'generation', 'kernels'];
  expect(partsOf({})).toEqual(all);
  expect(partsOf({ precision: ['mixed', 'single'] })).toEqual(all);
  expect(partsOf({ precision: ['mixed'] })).toEqual(['ceilings', 'grid', 'kernels']);
  expect(partsOf({ precision: ['mixed'], part: ['generation'] })).toEqual(['generation']);
});

test('bench says in its table what was measured less', () => {
  let text = '';
  const output = tableOutput((more) => (text += more), '');
  const row = {
    workload: 'gru',
    strategy: 'fused',
    adapter: 'GPU',
    runtime: 'Node',
    precision: 'single',
  } as const;
  const times = {
    medianMs: 1,
    minMs: 1,
    maxMs: 1,
    rounds: 1,
    charsPerSecond: 1,
    gflops: 1,
    verifiedError: 0,
  };
  output({ kind: 'step', part: 'grid', row: { ...row, ...times } });
  expect(text).not.toContain('measured less');
  const reduced = ['one step', 'compared with the CPU'];
  output({ kind: 'step', part: 'grid', row: { ...row, ...times, reduced } });
  expect(text).toMatch(/\n {4}measured less: one step, compared with the CPU\n$/);
});

test('bench --report writes one file of the adapter, its limits and the figures', async () => {
  const path = file('report.json');
  const { status, out } = await command([
    ...['bench', '--report', path, '--part', 'ceilings', 'kernels', '--only', 'multiply forward'],
    ...['--rounds', '1', '--turn-ms', '1', '--no-cpu', '--no-reference'],
  ]);
  expect(status).toBe(0);
  expect(out).toContain(`report: ${path}`);
  expect(out).toMatch(/\nceilings .* µs a submit\n  \S.{23} +[\d.]+ +[\d.]+ +[\d.e+]+ +[\d.e+]+\n/);
  const report = JSON.parse(await readFile(path, 'utf8')) as BenchReport;
  expect(report.kernels.map(({ kernel }) => kernel)).toEqual(['multiply forward']);
  expect(report.ceilings.map(({ adapter }) => adapter)).toEqual([report.machine.adapter]);
  expect(report.adapter?.limits.maxBufferSize).toBeGreaterThan(0);
  expect(report.machine.adapter).toContain(report.adapter?.name);
});

test('a report has the fastest kernels, and no progress events', async () => {
  const path = file('winners.json');
  const winner = {
    of: 'product NN 2x8x8',
    variant: '4x4',
    rule: '1x8',
    microseconds: 1,
    ruleMicroseconds: 2,
  };
  await writeReport(path, NO_RESULTS, await openDevice({ backend: 'cpu' }), [
    { kind: 'measuring', of: winner.of, done: 0, total: 1 },
    { kind: 'measured', tried: 3, ...winner },
  ]);
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ winners: [winner], grid: [] });
});
