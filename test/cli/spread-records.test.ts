import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readSafetensors } from '../../src/index.js';
import { records } from '../../src/node.js';
import { TASKS } from '../../src/graph.js';
import { objects, reviews, sensors } from './task/support.js';
import { command, temporaryFolder } from './support.js';

const file = temporaryFolder();

const SMALL = [
  ...['--hidden', '4', '--batch', '2', '--rate', '0.03', '--backend', 'cpu', '--threads', '1', '--json'],
  ...['--validation', '0.2', '--epochs', '2', '--eval-every', '4', '--no-relaxed'],
];

/** Two tasks whose records are shared out by different rules. */
const LEARNT: readonly [string, string, (count: number) => string, readonly string[]][] = [
  ['classify', 'reviews.csv', reviews, ['--embedding', '4']],
  [
    ...(['regress', 'sensors.csv', sensors] as const),
    ['--inputs', 'temperature,humidity', '--target', 'temperature', '--window', '4'],
  ],
];

/** All tensors but the state of the optimizer. */
function weightsIn(path: string): Record<string, readonly number[]> {
  const tensors = Object.entries(readSafetensors(readFileSync(path)).tensors);
  return Object.fromEntries(
    tensors.filter(([name]) => !/^(adam|state)\./.test(name)).map(([name, { data }]) => [name, [...data]]),
  );
}

it.each(LEARNT)('a spread run learns records: %s', async (task, name, make, more) => {
  writeFileSync(file(name), make(25));
  const train = ['train', '--task', task, '--data', file(name), ...more, ...SMALL];
  const spread = (run: string, ...options: string[]): string[] => [
    ...[...train, '--spread', file(run), '--exchange-every', '3', '--out', file(`${run}.safetensors`)],
    ...options,
  ];

  // One worker is ordinary training, with its evaluations, bit for bit.
  const alone = await command([...train, '--out', file(`${task}.safetensors`)]);
  const one = [`${task}-1`, '--workers', '1', '--worker', '0', '--outer-rate', '1', '--outer-momentum', '0'];
  const spreadAlone = await command(spread(...(one as [string])));
  expect([alone.error, spreadAlone.error, spreadAlone.status]).toEqual(['', '', 0]);
  expect(weightsIn(file(`${task}-1.safetensors`))).toEqual(weightsIn(file(`${task}.safetensors`)));
  const validations = (out: string): object[] => objects(out).filter(({ event }) => event === 'validation');
  expect(validations(spreadAlone.out)).toEqual(validations(alone.out));
  expect(validations(alone.out).length).toBeGreaterThan(1);

  // Two workers have shards of their own and the same weights; a third file of records is refused.
  const [first, second] = await Promise.all(
    ['0', '1'].map((worker) => command(spread(`${task}-2`, '--worker', worker))),
  );
  expect([first.error, second.error]).toEqual(['', '']);
  const counts = [first, second].map(({ out }) => Number(objects(out)[0].records));
  expect(counts).toEqual([10, 10]);
  const exchanges = objects(first.out).filter(({ event }) => event === 'exchange');
  expect(exchanges.map(({ workers }) => workers)).toEqual(exchanges.map(() => 2));
  expect(weightsIn(file(`${task}-2.safetensors`))).not.toEqual(weightsIn(file(`${task}.safetensors`)));
  writeFileSync(file(name), make(24));
  const other = await command(spread(`${task}-2`, '--worker', '1'));
  expect(other.error).toMatch(
    /^unrolled: data of this worker: expected "[0-9a-f]{64}", the value of the run in /,
  );
});

it('shares records out evenly, and cuts a series into consecutive parts', () => {
  const all = records.of(Array.from({ length: 7 }, (_, i) => ({ i })));
  const shards = [0, 1, 2].map((k) => Array.from(all.shard(k, 3), ({ i }) => i));
  expect(shards).toEqual([
    [0, 3, 6],
    [1, 4],
    [2, 5],
  ]);
  expect(all.shard(1, 3).numberOf(1)).toBe(4);
  expect(all.shard(1, 3).reference).toBe(all);
  expect(() => all.shard(0, 8)).toThrow('7 records cannot be divided among 8');
  const { regress } = TASKS;
  const parts = [0, 1].map((k) => Array.from(regress.shard(all, k, 2), (row) => (row as { i: number }).i));
  expect(parts).toEqual([
    [0, 1, 2],
    [3, 4, 5],
  ]);
  expect(() => regress.shard(all, 0, 8)).toThrow('A series of 7 steps cannot be cut into 8 parts.');
});
