import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { root, run } from '../build/run.js';
import { readEvents } from '../support/event-file.js';
import { buildOnce, built, CLI, command, start, temporaryFolder, type Outcome } from './support.js';

const file = temporaryFolder();
beforeAll(buildOnce);

/** Options of trials that take a second. */
const TINY = [
  ...['--', '--text', 'chinese', '--limit', '600', '--hidden', '4', '--batch', '2', '--time', '10'],
  ...['--validation', '0.2', '--eval-every', '20', '--checkpoint-every', '20', '--backend', 'cpu'],
];

interface TrialLine {
  readonly event: string;
  readonly trial: number;
  readonly state: string;
  readonly loss: number;
  readonly rate: number;
  readonly steps: number;
}

/** The trials of `sweep show --json`, sorted by number. */
async function trialsOf(record: string): Promise<TrialLine[]> {
  const { out, status } = await command(['sweep', 'show', record, '--json']);
  expect(status).toBe(0);
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as TrialLine);
  return lines.filter(({ event }) => event === 'trial').sort((a, b) => a.trial - b.trial);
}

const results = (trials: readonly TrialLine[]): object[] =>
  trials.map(({ trial, state, loss, rate, steps }) => ({ trial, state, loss, rate, steps }));

describe('a sweep of real trials', () => {
  let undisturbed: TrialLine[];

  it('runs all trials, finds the best, and prints the command to train it again', async () => {
    const record = file('first.journal');
    const sweep = ['sweep', '--grid', 'rate=0.1,0.01,0.001', '--record', record, ...TINY, '--steps', '60'];
    const { status, out, error } = await built(sweep);
    expect([status, error]).toEqual([0, '']);
    undisturbed = await trialsOf(record);
    expect(undisturbed.map(({ state, rate, steps }) => [state, rate, steps])).toEqual([
      ...[
        ['complete', 0.1, 60],
        ['complete', 0.01, 60],
        ['complete', 0.001, 60],
      ],
    ]);
    const [best] = [...undisturbed].sort((a, b) => a.loss - b.loss);
    expect(out).toContain(`done: best loss ${best.loss.toFixed(4)}, trial ${best.trial}: rate ${best.rate}`);

    const shown = await command(['sweep', 'show', record]);
    const again = /^ {2}unrolled (train .*)$/m.exec(shown.out)?.[1].split(' ') ?? [];
    const { out: told } = await command([...again, '--out', file('again.safetensors'), '--json']);
    expect(told).toContain(`"loss":${best.loss},`);
    expect(shown.out).toMatch(/^rate +100 % +0\.001: /m);
  });

  it('has the same results after kill -9 of itself and of a trial', async () => {
    const record = file('killed.journal');
    const first = start([
      'sweep',
      '--grid',
      'rate=0.1,0.01,0.001',
      '--record',
      record,
      ...TINY,
      '--steps',
      '60',
    ]);
    const folder = `${record}.trials`;
    // At that time the second trial has a checkpoint.
    while (!existsSync(join(folder, '0/0.safetensors')))
      await new Promise((resolve) => setTimeout(resolve, 20));
    first.process.kill('SIGKILL');
    expect((await first.ended).killedBy).toBe('SIGKILL');

    const second = start(['sweep', 'resume', record, '--jobs', '1', '--json']);
    await second.printed('"event":"sweep"');
    const children = await run('pgrep', ['-P', String(second.process.pid)]);
    for (const pid of children.stdout.trim().split('\n').filter(Boolean))
      process.kill(Number(pid), 'SIGKILL');
    const { status, error } = await second.ended;
    expect([status, error]).toEqual([0, '']);
    expect(results(await trialsOf(record))).toEqual(results(undisturbed));
    // Only the newest checkpoints are kept.
    for (const number of ['0', '1', '2'])
      expect(
        readdirSync(join(folder, number)).filter((name) => /^\d+\.safetensors$/.test(name)),
      ).toHaveLength(1);
  });

  it('a second coordinator is refused, and a full disk loses nothing', async () => {
    const record = file('full.journal');
    const args = [...['--record', record], ...TINY, '--steps', '60'].map((each) => `'${each}'`).join(' ');
    const limited = `ulimit -f 6; '${process.execPath}' '${CLI}' sweep --grid rate=0.1,0.01,0.001 ${args}`;
    const { code, stderr } = await run('bash', ['-c', limited]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^unrolled: Cannot write .*: it would be larger than the system allows a file to be\.\n$/,
    );
    writeFileSync(`${record}.coordinator`, JSON.stringify({ machine: 'far-away', process: 7 }));
    const refused = await command(['sweep', 'resume', record]);
    expect(refused.status).toBe(1);
    expect(refused.error).toMatch(
      /^unrolled: ".*full\.journal" is in use: process 7 on far-away runs this sweep\..*\n$/,
    );
    await run('rm', [`${record}.coordinator`]);
    expect((await built(['sweep', 'resume', record])).status).toBe(0);
    expect(results(await trialsOf(record))).toEqual(results(undisturbed));
  });

  it('writes its trials to files for other programs', async () => {
    const record = file('first.journal');
    const [csv, jsonl, board] = [file('t.csv'), file('t.jsonl'), file('board')];
    const shown = ['sweep', 'show', record, '--csv', csv, '--jsonl', jsonl, '--tensorboard', board];
    expect((await command(shown)).status).toBe(0);
    const [header, ...rows] = readFileSync(csv, 'utf8').trim().split('\n');
    expect(header).toMatch(/^trial,state,loss,steps,seconds,rate,seed,machine,backend,adapter,version,/);
    expect(rows).toHaveLength(3);
    const lines = readFileSync(jsonl, 'utf8').trim().split('\n');
    const first = JSON.parse(lines[0]) as {
      readonly reports: { part: string; step: number }[];
      rate: number;
    };
    expect(first.rate).toBe(0.1);
    expect(first.reports.filter(({ part }) => part === 'validation').map(({ step }) => step)).toEqual([
      20, 40, 60,
    ]);
    const [events] = readdirSync(join(board, 'trial-0001'));
    const tags = readEvents(readFileSync(join(board, 'trial-0001', events))).map(({ tag }) => tag);
    expect(tags).toEqual(
      expect.arrayContaining(['_hparams_/session_start_info', 'validation/loss', 'objective']),
    );
    const twice = await command(['sweep', 'show', record, '--csv', csv]);
    expect(twice.error).toMatch(/t\.csv" exists: choose another --csv, or replace it with --overwrite/);
  });
});

it('halving pauses trials, and the best continues from its checkpoint', async () => {
  const record = file('halving.journal');
  const stop = ['--stop', 'halving', '--stop-first', '500', '--stop-factor', '3'];
  // Long enough that no trial is at its end before it has heard that it is to pause.
  const long = ['--eval-every', '500', '--checkpoint-every', '500', '--steps', '5000'];
  const sweep = ['sweep', '--grid', 'rate=0.1,0.01,0.001', ...stop, '--record', record, ...TINY, ...long];
  expect((await built(sweep)).status).toBe(0);
  const trials = await trialsOf(record);
  expect(trials.map(({ state }) => state).sort()).toEqual(['complete', 'pruned', 'pruned']);
  const best = trials.find(({ state }) => state === 'complete');
  expect(best?.steps).toBe(5000);
  const logs = readdirSync(join(`${record}.trials`, String(best?.trial))).filter((name) =>
    name.endsWith('.jsonl'),
  );
  expect(logs).toHaveLength(2);
});

it('the objective can be a measure of a task of records', async () => {
  const record = file('records.journal');
  const options = ['--', '--task', 'reversing', '--rows', '40', '--validation', '0.2', '--steps', '4'];
  const small = [
    '--hidden',
    '4',
    '--embedding',
    '4',
    '--batch',
    '8',
    '--eval-every',
    '4',
    '--backend',
    'cpu',
  ];
  const grid = ['--grid', 'cell=rnn,gru', '--objective', 'accuracy'];
  const { status, out } = await built(['sweep', ...grid, '--record', record, '--json', ...options, ...small]);
  expect(status).toBe(0);
  expect(out).toContain('"objective":"accuracy"');
  expect((await trialsOf(record)).map(({ state }) => state)).toEqual(['complete', 'complete']);
});

describe('a wrong sweep is refused in one line before any trial', () => {
  const refused = async (args: readonly string[]): Promise<Outcome> => {
    const record = file('never.journal');
    const outcome = await command(['sweep', '--record', record, ...args]);
    expect(existsSync(record)).toBe(false);
    expect(outcome.out).toBe('');
    expect(outcome.error).toMatch(/^unrolled: .*\n$/);
    return outcome;
  };
  const cases: [string, string[], RegExp][] = [
    ['nothing to try', [], /there is nothing to try\. Name a file, or options with --grid/],
    ['a misspelt option', ['--grid', 'hiden=4,8'], /unknown option '--hiden=4' \(Did you mean --hidden\?\)/],
    [
      'a value that train refuses',
      ['--grid', 'hidden=4,0'],
      /hidden 0\) cannot run: option '--hidden.*at least 1/,
    ],
    ['an empty list', ['--grid', 'hidden='], /parameters\.hidden: expected a list with at least one value/],
    ['a list without a name', ['--grid', '4,8'], /--grid 4,8: expected NAME=VALUE,VALUE/],
    ['a range without an end', ['--range', 'rate=1'], /parameters\.rate\.to: expected a finite number/],
    ['a word in a range', ['--range', 'rate=1:2:cubic'], /expected NAME=FROM:TO.* got "cubic"/],
    [
      'a measure without validation',
      ['--grid', 'hidden=4', '--objective', 'loss'],
      /one of train\.smoothLoss.*need --validation/,
    ],
    [
      'a measure that there is not',
      ['--grid', 'hidden=4', '--objective', 'accuracy', '--', '--validation', '0.1'],
      /objective: expected one of loss, perplexity, bitsPerChar, train\..*, time, got "accuracy"/,
    ],
    [
      'time to no loss',
      ['--grid', 'hidden=4', '--objective', 'time'],
      /to-loss: expected the loss to reach, for the objective time/,
    ],
    [
      'points of a grid',
      ['--grid', 'hidden=4', '--order', 'grid', '--points', '3'],
      /points: expected nothing with order grid/,
    ],
    [
      'no points of random order',
      ['--grid', 'hidden=4', '--order', 'random'],
      /points: expected the number of points of the order random/,
    ],
    ['rungs of nowhere', ['--grid', 'hidden=4', '--stop', 'halving'], /stop\.first: expected a whole number/],
    [
      'a seed as a parameter',
      ['--grid', 'seed=1,2'],
      /option seed: expected "seeds", the number of seeds of each point/,
    ],
    [
      'an output as a parameter',
      ['--grid', 'out=a,b'],
      /option out: expected an option that the sweep does not set itself/,
    ],
    [
      'an option twice',
      ['--grid', 'hidden=4,8', '--', '--hidden', '4'],
      /train\.hidden: expected no value, because it is one of the parameters/,
    ],
    [
      'options that do not go together',
      ['--grid', 'cell=gru,lstm', '--', '--reset', 'before'],
      /cell lstm\) cannot run: --reset applies only to --cell gru/,
    ],
    ['a file that is not there', ['nowhere.yaml'], /Cannot read "nowhere\.yaml": there is no such file/],
  ];
  it.each(cases)('%s', async (_, args, message) => {
    const { status, error } = await refused(args);
    expect(status).not.toBe(0);
    expect(error).toMatch(message);
  });

  it.each([
    ['parameters: [1', /must be YAML or JSON, but cannot be parsed: .*line 1/],
    ['parameters:\n  rate: [0.1]\nparametres: 3\n', /sweep\.parametres: expected one of the options/],
    ['- a\n', /must contain a sweep with "parameters"/],
    ['{"parameters": {"rate": []}}', /parameters\.rate: expected a list with at least one value/],
    [
      'parameters: {rate: [1]}\ntrain: {hidden: {from: 1}}\n',
      /train\.hidden: expected a text, a number, true or false/,
    ],
    ['parameters: {rate: [1]}\nstop: {rule: early}\n', /stop\.rule: expected one of median, halving/],
    ['parameters: {rate: [1]}\nbudget: {hours: 0}\n', /budget\.hours: expected a finite number above 0/],
  ])('in a file: %j', async (text, message) => {
    const path = file('bad.yaml');
    writeFileSync(path, text);
    expect((await refused([path])).error).toMatch(message);
  });
});

describe('a record', () => {
  it('of another program, or a file of another format, is refused', async () => {
    const theirs = fileURLToPath(new URL('../golden/sweep/optuna.journal', import.meta.url));
    expect((await command(['sweep', 'show', theirs])).error).toMatch(
      /is a journal of Optuna that unrolled sweep has not written/,
    );
    expect((await command(['sweep', 'resume', join(root, 'package.json')])).error).toMatch(
      /is not a record of a sweep/,
    );
  });

  it('can be shown while a line is being written', async () => {
    const copy = file('growing.journal');
    writeFileSync(copy, readFileSync(file('first.journal')));
    appendFileSync(copy, '{"op_code":4,');
    expect(await trialsOf(copy)).toHaveLength(3);
  });
});
