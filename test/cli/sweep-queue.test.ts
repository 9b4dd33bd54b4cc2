import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sweepUnderKills } from '../../scripts/sweep-kills.mjs';
import { queueServer, startServer, missingServer } from '../support/queue-servers.js';
import { buildOnce, built, CLI, command, start, temporaryFolder } from './support.js';

const file = temporaryFolder();
const server = queueServer('redis');
beforeAll(buildOnce);

/** A text in a file, which must be copied to the shared folder. */
function textFile(path: string): string {
  writeFileSync(path, 'abcdefgh ijklmnop. '.repeat(40));
  return path;
}

const TINY = [
  ...['--hidden', '4', '--batch', '2', '--time', '10', '--steps', '40', '--validation', '0.2'],
  ...['--eval-every', '20', '--checkpoint-every', '20', '--backend', 'cpu'],
];

it('trials of killed workers and a killed coordinator end once, with the results of a local sweep', async () => {
  const url = server();
  if (url === undefined) return;
  const { local, wide, ends, kills } = await sweepUnderKills({
    ...{ url, trials: 4, workers: 3, seconds: 1, most: 3 },
  });
  expect(local.map(({ state, steps }) => [state, steps])).toEqual(
    Array.from({ length: 4 }, () => ['complete', 400]),
  );
  expect(wide).toEqual(local);
  expect(ends).toEqual([1, 1, 1, 1]);
  expect(kills.workers).toBeGreaterThan(0);
});

it('a worker finds folder and data under another path, and prints its events', async () => {
  const url = server();
  if (url === undefined) return;
  const [there, here] = [file('there'), file('here')];
  mkdirSync(there);
  symlinkSync(there, here);
  const record = join(there, 'sweep.journal');
  const corpus = textFile(file('text.txt'));
  const [csv, board] = [file('all.csv'), file('board')];
  const worker = start(['worker', '--queue', url, '--jobs', '1', '--folder', here, '--json']);
  const sweep = ['sweep', '--grid', 'rate=0.1,0.01', '--queue', url, '--record', record, '--csv', csv];
  const outcome = await built([...sweep, '--tensorboard', board, '--', '--corpus', corpus, ...TINY]);
  expect(outcome.error).not.toContain(' failed');
  expect([
    outcome.status,
    outcome.out.includes('2 trials for the lowest loss, 64 at once by workers'),
  ]).toEqual([0, true]);
  expect(existsSync(csv)).toBe(true);
  expect(readdirSync(board)).toEqual(['trial-0000', 'trial-0001']);

  // What lies in the folder of the record travels by its path there.
  const data = join(`${record}.trials`, 'data');
  const [copy] = readdirSync(data);
  const inside = join(data, copy, 'text.txt');
  const second = await built([
    'sweep',
    '--grid',
    'rate=0.2',
    '--queue',
    url,
    '--record',
    join(there, 'b.journal'),
    '--',
    '--corpus',
    inside,
    ...TINY,
  ]);
  expect(second.status).toBe(0);
  worker.process.kill('SIGINT');
  const { status, out } = await worker.ended;
  expect(status).toBe(130);
  const told = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string; state?: string });
  expect(told.map(({ event, state }) => state ?? event)).toEqual([
    ...['worker', 'started', 'complete', 'started', 'complete', 'started', 'complete'],
  ]);
});

describe('an error is one line, and nothing is lost', () => {
  const nowhere = 'redis://user:secret@127.0.0.1:1';

  it.each([
    ['a sweep', ['sweep', '--grid', 'rate=0.1', '--queue', nowhere]],
    ['a worker', ['worker', '--queue', nowhere]],
    ['a worker of PostgreSQL', ['worker', '--queue', 'postgres://me:secret@127.0.0.1:1/db']],
  ])('%s whose queue cannot be reached', async (_, args) => {
    const record = file('never.journal');
    const { status, error } = await command([...args, ...(args[0] === 'sweep' ? ['--record', record] : [])]);
    expect(status).toBe(1);
    expect(error).toMatch(
      /^unrolled: Cannot reach the queue at \w+:\/\/127\.0\.0\.1:1\S*: connect ECONNREFUSED 127\.0\.0\.1:1\. Start the server, or correct --queue\.\n$/,
    );
    expect(error).not.toContain('secret');
    expect(existsSync(record)).toBe(false);
  });

  it.each([
    ['no queue', ['worker'], /worker needs a queue: name it with --queue redis:/],
    [
      'another kind of address',
      ['worker', '--queue', 'amqp://me:secret@host'],
      /^unrolled: --queue: expected redis:\/\/HOST:PORT or postgres:.*got "amqp:\/\/me:…@host"\.\n$/,
    ],
  ])('%s', async (_, args, message) => {
    const { status, error } = await command(args);
    expect(status).toBe(2);
    expect(error).toMatch(message);
  });

  it('a worker without the folder ends; one with another folder pauses the sweep, which can continue', async () => {
    const url = server();
    if (url === undefined) return;
    mkdirSync(file('lost'));
    const record = join(file('lost'), 'lost.journal');
    const corpus = textFile(file('lost.txt'));
    const sweep = start([
      'sweep',
      '--grid',
      'rate=0.1',
      '--queue',
      url,
      '--record',
      record,
      '--',
      '--corpus',
      corpus,
      ...TINY,
    ]);
    await sweep.printed('1 trials for the lowest loss');
    const without = await built(['worker', '--queue', url, '--folder', file('nowhere')]);
    expect(without.status).toBe(1);
    expect(without.error).toMatch(
      /^unrolled: There is no folder ".*nowhere" on this machine: mount .* record lost\.journal, or name it with --folder\.\n$/,
    );
    mkdirSync(file('other'));
    const other = start(['worker', '--queue', url, '--folder', file('other')]);
    const { status, error } = await sweep.ended;
    other.process.kill('SIGINT');
    expect(status).toBe(1);
    expect(error).toMatch(
      /other" is another folder than that of this sweep: all machines must share one folder/,
    );
    await other.ended;

    const data = join(`${record}.trials`, 'data');
    const [copy] = readdirSync(data);
    renameSync(join(data, copy, 'lost.txt'), join(data, copy, 'kept.txt'));
    writeFileSync(join(data, copy, 'lost.txt'), 'another text');
    const worker = start(['worker', '--queue', url]);
    const changed = await built(['sweep', 'resume', record, '--queue', url]);
    expect(changed.status).toBe(1);
    expect(changed.error).toMatch(/lost\.txt" has changed since the sweep began \(its SHA-256 differs\)/);
    renameSync(join(data, copy, 'kept.txt'), join(data, copy, 'lost.txt'));
    expect((await built(['sweep', 'resume', record, '--queue', url])).status).toBe(0);
    worker.process.kill('SIGINT');
    await worker.ended;
  });

  it("a worker's full disk pauses the sweep, and nothing is lost", async () => {
    const url = server();
    if (url === undefined) return;
    const record = file('full.journal');
    const corpus = textFile(file('full.txt'));
    const limited = `ulimit -f 2; exec '${process.execPath}' '${CLI}' worker --queue ${url} --jobs 1`;
    const worker = spawn('bash', ['-c', limited], { stdio: 'ignore' });
    const left = new Promise((resolve) => worker.once('exit', resolve));
    const sweep = ['sweep', '--grid', 'rate=0.1,0.01', '--queue', url, '--record', record];
    const { status, error } = await built([...sweep, '--', '--corpus', corpus, ...TINY]);
    worker.kill('SIGINT');
    expect(status).toBe(1);
    expect(error).toMatch(/Cannot write ".*": it would be larger than the system allows a file to be\./);
    await left;
    const roomy = start(['worker', '--queue', url]);
    expect((await built(['sweep', 'resume', record, '--queue', url])).status).toBe(0);
    const { out } = await command(['sweep', 'show', record, '--json']);
    expect(out.match(/"state":"complete"/g)).toHaveLength(2);
    roomy.process.kill('SIGINT');
    await roomy.ended;
  });

  it('a sweep waits for a server that restarts', async () => {
    if (missingServer('redis') !== undefined) return;
    const own = await startServer('redis');
    const record = file('away.journal');
    const sweep = start([
      'sweep',
      '--grid',
      'rate=0.1',
      '--queue',
      own.url,
      '--record',
      record,
      '--',
      '--text',
      'chinese',
      ...TINY,
    ]);
    await sweep.printed('1 trials for the lowest loss');
    await own.kill();
    await sweep.warned('; trying again');
    const again = await startServer('redis', Number(new URL(own.url).port));
    // The new server knows nothing: the trial is lost, and given to it once more.
    const worker = start(['worker', '--queue', own.url]);
    expect((await sweep.ended).status).toBe(0);
    worker.process.kill('SIGINT');
    await worker.ended;
    await again.kill();
  });
});
