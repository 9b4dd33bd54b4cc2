import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { beforeAll, expect, it } from 'vitest';
import { readSafetensors } from '../../src/index.js';
import { run } from '../build/run.js';
import { PATIENCE } from '../support/patience.js';
import { queueServer } from '../support/queue-servers.js';
import { buildOnce, built, CLI, command, start, temporaryFolder } from './support.js';

const file = temporaryFolder();
const server = queueServer('redis');
beforeAll(buildOnce);

const TINY = [
  ...['--text', 'chinese', '--limit', '900', '--hidden', '4', '--batch', '2', '--time', '8'],
  ...['--optimizer', 'adam', '--rate', '0.01', '--validation', '0.2', '--eval-every', '10'],
  ...['--backend', 'cpu', '--no-relaxed', '--sample-every', '0', '--json'],
];
const spread = (name: string, ...more: string[]): string[] => [
  ...['train', ...TINY, '--spread', file(name), '--exchange-every', '7', '--steps', '40'],
  ...['--out', file(`${name}.safetensors`), ...more],
];

function weightsIn(path: string): Record<string, readonly number[]> {
  const tensors = Object.entries(readSafetensors(readFileSync(path)).tensors);
  return Object.fromEntries(
    tensors.filter(([name]) => !/^(adam|state)\./.test(name)).map(([name, { data }]) => [name, [...data]]),
  );
}

let undisturbed: Promise<ReturnType<typeof weightsIn>> | undefined;
const expected = (): Promise<ReturnType<typeof weightsIn>> =>
  (undisturbed ??= Promise.all(
    ['0', '1'].map((worker) => command(spread('plain', '--worker', worker, '--threads', '1'))),
  ).then(([{ error }]) => {
    expect(error).toBe('');
    return weightsIn(file('plain.safetensors'));
  }));

it('workers of a queue have the same weights after kill -9 of a machine and of the coordinator', async () => {
  const url = server();
  if (url === undefined) return;
  const machine = (): ReturnType<typeof start> =>
    start(['worker', '--queue', url, '--jobs', '2', '--lease', '2']);
  const first = machine();
  const coordinator = start(spread('wide', '--queue', url));
  await coordinator.printed('"round":1');
  coordinator.process.kill('SIGKILL');
  first.process.kill('SIGKILL');
  await Promise.all([coordinator.ended, first.ended]);
  const second = machine();
  const { status, error, out } = await built(spread('wide', '--queue', url));
  second.process.kill('SIGINT');
  const told = (await second.ended).out;
  expect([
    status,
    error.replace(/unrolled: (warning|the queue has no worker).*\n|\{.*"warning".*\n/g, ''),
  ]).toEqual([0, '']);
  expect(out).toContain('"event":"done"');
  expect(told).toMatch(/wide {2}worker 0 +complete/);
  expect(weightsIn(file('wide.safetensors'))).toEqual(await expected());
});

it('what workers have done while nobody printed it is printed, and copied, by the next call', async () => {
  const url = server();
  if (url === undefined) return;
  const machine = start(['worker', '--queue', url, '--jobs', '2', '--lease', '2']);
  const coordinator = start(spread('alone', '--queue', url));
  await coordinator.printed('"round":1');
  coordinator.process.kill('SIGKILL');
  await coordinator.ended;
  await expect
    .poll(() => readFileSync(file('alone/worker-0/log.jsonl'), 'utf8'), { timeout: PATIENCE })
    .toContain('"event":"done"');
  await rm(file('alone.safetensors'), { force: true });
  const { status, out } = await built(spread('alone', '--queue', url));
  machine.process.kill('SIGINT');
  await machine.ended;
  expect(status).toBe(0);
  // The workers may have run once more, with nothing left to do.
  expect([...out.matchAll(/"event":"(start|done)"/g)].slice(0, 2).map(([, name]) => name)).toEqual([
    'start',
    'done',
  ]);
  expect(weightsIn(file('alone.safetensors'))).toEqual(await expected());
});

it('a full disk ends a spread run with one line, and the same command continues it', async () => {
  const limited = (kib: number, ...more: string[]): ReturnType<typeof run> => {
    const args = spread('full', '--workers', '1', '--worker', '0', ...more).map((each) => `'${each}'`);
    return run('bash', ['-c', `ulimit -f ${kib}; '${process.execPath}' '${CLI}' ${args.join(' ')}`]);
  };
  // A contribution has 7 KiB, a checkpoint 20: first the one cannot be written, then the other.
  for (const [kib, what] of [
    [4, 'round-1/worker-0-'],
    [12, 'worker-0/round-1'],
  ] as const) {
    const { code, stderr } = await limited(kib);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^unrolled: Cannot write ".*": it would be larger than the system allows a file to be\.\n$/,
    );
    expect(stderr).toContain(what);
  }
  expect((await limited(10_000)).code).toBe(0);
  const alone = await command(spread('roomy', '--workers', '1', '--worker', '0', '--threads', '1'));
  expect(alone.error).toBe('');
  expect(weightsIn(file('full.safetensors'))).toEqual(weightsIn(file('roomy.safetensors')));
});
