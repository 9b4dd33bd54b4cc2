import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors } from '../../src/index.js';
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

  it('trains with workers that start one by one, and says what they exchanged', async () => {
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

  it('goes on after kill -9 of a worker, and of all, to the same weights', async () => {
    const folder = file('killed');
    const first = start(spread(folder, ['--workers', '2']));
    await first.printed('"round":1');
    const killed = await run('pgrep', ['-P', String(first.process.pid)]);
    const children = killed.stdout.trim().split('\n').map(Number);
    first.process.kill('SIGKILL');
    for (const pid of children) if (alive(pid)) process.kill(pid, 'SIGKILL');
    await first.ended;
    const second = start(spread(folder, ['--workers', '2']));
    await second.printed('"event":"start"');
    const again = await run('pgrep', ['-P', String(second.process.pid)]);
    const one = Number(again.stdout.trim().split('\n').at(-1));
    if (alive(one)) process.kill(one, 'SIGKILL');
    const { status, error } = await second.ended;
    expect([status, error]).toEqual([0, '']);
    expect(weightsIn(`${folder}.safetensors`)).toEqual(undisturbed);
    // Of each worker the state of one round is kept.
    expect(readdirSync(`${folder}/worker-1`).sort()).toEqual([
      ...['log.jsonl', 'outer-5.safetensors', 'round-5.safetensors'],
    ]);
  });

  it('an ordinary run is one worker with outer rate 1 and no momentum', async () => {
    const folder = file('one');
    const outer = ['--outer-rate', '1', '--outer-momentum', '0', '--workers', '1', '--worker', '0'];
    expect((await command(spread(folder, outer))).error).toBe('');
    const alone = file('alone.safetensors');
    expect((await command([...TINY, '--steps', '40', '--out', alone])).status).toBe(0);
    expect(weightsIn(`${folder}.safetensors`)).toEqual(weightsIn(alone));
  });

  it('refuses a worker with other options, naming the option', async () => {
    const { status, error } = await command([
      ...spread(file('joined'), ['--worker', '1', '--hidden', '5', '--overwrite']),
    ]);
    expect(status).toBe(2);
    expect(error).toMatch(
      /^unrolled: hidden of this worker: expected 4, as the run in ".*joined" has it: .*\n$/,
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
    [['--spread', 'x', '--patience', '3'], /--patience would end one worker/],
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
    expect([sweep.status, sweep.error]).toEqual([2, expect.stringMatching(/trials of a sweep would meet/)]);
  });

  it('says what is wrong once, though all workers find it', async () => {
    const { status, error } = await command([
      ...['train', '--corpus', file('no.txt'), '--spread', file('never'), '--backend', 'cpu', '--steps', '5'],
    ]);
    expect(status).toBe(1);
    expect(error).toMatch(/^unrolled: Cannot open ".*no\.txt": there is no such file\.\n$/);
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
