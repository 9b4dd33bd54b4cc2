import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { WorkerFiles } from '../../src/cli/spread/worker-files.js';
import { readSafetensors } from '../../src/index.js';
import { FileLock } from '../../src/io/node/file-lock.js';
import { openFolderExchange } from '../../src/node.js';
import { run } from '../build/run.js';
import { buildOnce, command, eventsOf, start, temporaryFolder, type Outcome } from './support.js';

const file = temporaryFolder();

/** A run that takes no time. */
const TINY = [
  ...['train', '--text', 'chinese', '--limit', '900', '--hidden', '4', '--batch', '2', '--time', '8'],
  ...['--optimizer', 'adam', '--rate', '0.01', '--validation', '0.2', '--eval-every', '10'],
  // The processes of dist/ and this one may differ in relaxed SIMD.
  ...['--backend', 'cpu', '--threads', '1', '--no-relaxed', '--sample-every', '0', '--json'],
];

/** The weights of a checkpoint, and nothing else of it. */
function weightsIn(path: string): Record<string, readonly number[]> {
  const tensors = Object.entries(readSafetensors(readFileSync(path)).tensors);
  const weights = tensors.filter(([name]) => !/^(adam|state)\./.test(name));
  return Object.fromEntries(weights.map(([name, { data }]) => [name, [...data]]));
}

const spread = (folder: string, more: readonly string[]): string[] => [
  ...TINY,
  ...['--spread', folder, '--exchange-every', '7', '--steps', '40', '--out', `${folder}.safetensors`],
  ...more,
];

describe('unrolled train --spread', () => {
  let undisturbed: ReturnType<typeof weightsIn>;
  beforeAll(buildOnce);

  it('waits for another process that is the same worker, and refuses it if it does not end', async () => {
    const folder = file('twice');
    const first = await openFolderExchange(folder, 0);
    await expect(openFolderExchange(folder, 0, 100)).rejects.toThrow(
      /^".*twice" is in use: process \d+ on .+ is worker 0 of its run\. Wait for it, stop it first, /,
    );
    await (await openFolderExchange(folder, 1, 0)).dispose();
    const tries = vi.spyOn(FileLock, 'take');
    const second = command(spread(folder, ['--workers', '1', '--worker', '0']));
    await expect.poll(() => tries.mock.calls.flat()).toContain(`${folder}/worker-0.lock`);
    await first.dispose();
    tries.mockRestore();
    const { status, error } = await second;
    expect([status, error]).toEqual([0, '']);
    writeFileSync(`${folder}/worker-0.lock`, JSON.stringify({ machine: 'far-away', process: 1 }));
    await (await openFolderExchange(folder, 0, 0)).dispose(); // a killed worker of another machine
  });

  it('trains with workers that start separately, and reports their exchanges', async () => {
    const folder = file('joined');
    const [first, second] = await Promise.all([
      command(spread(folder, ['--worker', '0'])),
      command(spread(folder, ['--worker', '1'])),
    ]);
    expect([first.status, first.error, second.status, second.error]).toEqual([0, '', 0, '']);
    const exchanges = eventsOf(first.out, 'exchange');
    expect(exchanges.map(({ round, step }) => [round, step])).toEqual([
      ...[
        [1, 7],
        [2, 14],
        [3, 21],
        [4, 28],
        [5, 35],
        [6, 40],
      ],
    ]);
    for (const { bytesSent, bytesReceived } of exchanges) expect(bytesReceived).toBe(bytesSent);
    expect(eventsOf(first.out, 'validation').map(({ step }) => step)).toEqual([10, 20, 30, 40]);
    // One evaluates and writes for all.
    expect(eventsOf(second.out, 'validation')).toEqual([]);
    expect(existsSync(`${folder}.best.safetensors`)).toBe(true);
    undisturbed = weightsIn(`${folder}.safetensors`);
  });

  it('comes to the same weights after kill -9 of all workers, and of one', async () => {
    const folder = file('killed');
    const letGo = holdRound(folder, 2);
    const first = start(spread(folder, ['--workers', '2']));
    await first.printed('"round":1');
    // The supervisor is stopped first, so that it neither pauses nor restarts its workers.
    first.process.kill('SIGSTOP');
    for (const worker of [0, 1]) process.kill(await workerOf(first.process.pid, worker), 'SIGKILL');
    first.process.kill('SIGKILL');
    await first.ended;
    letGo();

    const letGoAgain = holdRound(folder, 6);
    const second = start(spread(folder, ['--workers', '2']));
    await second.printed('"round":5');
    const one = await workerOf(second.process.pid, 1);
    process.kill(one, 'SIGSTOP');
    letGoAgain();
    process.kill(one, 'SIGKILL');
    const { status, error } = await second.ended;
    expect([status, error]).toEqual([0, '']);
    expect(weightsIn(`${folder}.safetensors`)).toEqual(undisturbed);
    // Of each worker only the newest state is left.
    expect(readdirSync(`${folder}/worker-1`).sort()).toEqual([
      ...['log.jsonl', 'outer-5.safetensors', 'round-5.safetensors'],
    ]);
  });

  it('deletes what a killed worker has left: older states and temporary files', async () => {
    const folder = file('left');
    const files = new WorkerFiles({ folder, worker: 0 });
    const inside = `${folder}/worker-0`;
    const left = ['outer-2', 'round-2', 'outer-3'].map((name) => `${name}.safetensors`);
    for (const name of [...left, '.unrolled-0a1b2c3d4e5f.tmp']) writeFileSync(`${inside}/${name}`, '');
    await files.tidy(2);
    expect(readdirSync(inside).sort()).toEqual(left.sort());
    const state = { round: 4, velocity: new Float32Array(3) };
    await files.keep(state, (path) => writeFile(path, ''));
    expect(readdirSync(inside).sort()).toEqual(['outer-4.safetensors', 'round-4.safetensors']);
  });

  it('--round-wait closes rounds without a worker, which takes the newest weights when it comes', async () => {
    const folder = file('late');
    const wait = ['--workers', '2', '--round-wait', '0'];
    const first = await command(spread(folder, [...wait, '--worker', '0']));
    expect([first.status, first.error]).toEqual([0, '']);
    expect(eventsOf(first.out, 'exchange').map(({ workers }) => workers)).toEqual([1, 1, 1, 1, 1, 1]);
    const late = await command(spread(folder, [...wait, '--worker', '1']));
    expect([late.status, late.error]).toEqual([0, '']);
    expect(eventsOf(late.out, 'warning').map(({ message }) => message)).toEqual([
      'The others have continued without this worker: it continues from round 6 with the newest weights.',
    ]);
    expect(eventsOf(late.out, 'exchange')).toEqual([]);
  });

  it('one worker with outer rate 1 and no momentum equals an ordinary run', async () => {
    const folder = file('one');
    const outer = ['--outer-rate', '1', '--outer-momentum', '0', '--workers', '1', '--worker', '0'];
    expect((await command(spread(folder, outer))).error).toBe('');
    const alone = file('alone.safetensors');
    expect((await command([...TINY, '--steps', '40', '--out', alone])).status).toBe(0);
    expect(weightsIn(`${folder}.safetensors`)).toEqual(weightsIn(alone));
  });

  it('refuses a worker with other options, and names the option', async () => {
    const { status, error } = await command([
      ...spread(file('joined'), ['--worker', '1', '--hidden', '5', '--overwrite']),
    ]);
    expect(status).toBe(2);
    expect(error).toMatch(
      /^unrolled: hidden of this worker: expected 4, the value of the run in ".*joined": .*\n$/,
    );
  });

  const refusals: readonly [readonly string[], RegExp][] = [
    [['--workers', '2'], /--workers needs --spread FOLDER/],
    [['--outer-rate', '0.5'], /--outer-rate needs --spread FOLDER/],
    [['--queue', 'redis://localhost'], /--queue needs --spread FOLDER/],
    [['--round-wait', '5'], /--round-wait needs --spread FOLDER/],
    [['--spread', 'x', '--worker', '2'], /--worker 2: expected a number from 0 to 1/],
    [['--spread', 'x', '--outer-momentum', '1'], /--outer-momentum 1: expected a number from 0 to below 1/],
    [['--spread', 'x', '--outer-rate', '0'], /'--outer-rate <x>' argument '0' is invalid/],
    [['--spread', 'x', '--patience', '3'], /--patience cannot be used with --spread/],
    [['--spread', 'x', '--exchange-every', '0'], /'--exchange-every <steps>' argument '0' is invalid/],
  ];
  it.each(refusals)('refuses %j', async (args, message) => {
    const { status, error, out }: Outcome = await command([...TINY, ...args]);
    expect([status, out]).toEqual([2, '']);
    expect(error).toMatch(message);
    expect(existsSync('x')).toBe(false);
  });

  it('refuses sweeps over it', async () => {
    const sweep = await command(['sweep', '--grid', 'hidden=4,8', '--', '--spread', 'x']);
    expect([sweep.status, sweep.error]).toEqual([
      2,
      expect.stringMatching(/--spread cannot be used in a sweep/),
    ]);
  });

  it('says what is wrong once, though all workers find it', async () => {
    const { status, error } = await command([
      ...['train', '--corpus', file('no.txt'), '--spread', file('never'), '--backend', 'cpu', '--steps', '5'],
    ]);
    expect(status).toBe(1);
    expect(error).toMatch(/^unrolled: Cannot open ".*no\.txt": there is no such file\.\n$/);
  });
});

/**
 * Holds all workers of a run in a round: its note for worker 1 names a file that never comes, so both
 * wait. Without that, a run of milliseconds could end before a test kills it.
 * @returns a function that removes the note
 */
function holdRound(folder: string, round: number): () => void {
  const note = `${folder}/round-${round}/worker-1.json`;
  mkdirSync(dirname(note), { recursive: true });
  writeFileSync(note, '{"file":"worker-1-none.safetensors"}');
  return () => rmSync(note);
}

/** The process id of a worker. A supervisor without such a worker is an error: 0 would name all processes. */
async function workerOf(supervisor: number | undefined, worker: number): Promise<number> {
  const { stdout } = await run('pgrep', ['-P', String(supervisor), '-f', `worker=${worker}`]);
  expect(stdout).toMatch(/^\d+\n$/);
  return Number(stdout);
}
