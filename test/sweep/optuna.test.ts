import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { History, type Operation, type TrialOutcome } from '../../src/sweep/index.js';
import { StubRunner, stubSweep } from './stub.js';

// test/golden/sweep has what Optuna itself, of Debian's package, reads from such records: see
// test/golden/make_sweep.py.

interface Read {
  readonly name: string;
  readonly directions: readonly string[];
  readonly trials: readonly {
    readonly number: number;
    readonly state: string;
    readonly value: number | null;
    readonly point: object;
    readonly values: readonly (readonly [number, number])[];
    readonly distributions: Readonly<Record<string, string>>;
    readonly attributes: Readonly<Record<string, unknown>>;
  }[];
}

const path = (name: string): string => fileURLToPath(new URL(`../golden/sweep/${name}`, import.meta.url));
const linesOf = (name: string): string[] => readFileSync(path(name), 'utf8').split('\n').slice(0, -1);
const readBy = (name: string): Read => JSON.parse(readFileSync(path(`${name}.read.json`), 'utf8')) as Read;

function historyOf(lines: readonly string[]): History {
  const history = new History({ values: true });
  for (const line of lines) history.apply(JSON.parse(line) as Operation);
  return history;
}

/** Removes what differs from run to run. */
const timeless = (line: string): string =>
  line
    .replaceAll(/"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}"/g, '"TIME"')
    .replace(/"began":\d+(\.\d+)?/, '"began":0');

/** Returns a sweep with every kind of parameter and every end of a trial. */
async function ownLines(): Promise<string[]> {
  const sweep = stubSweep({
    parameters: {
      rate: { from: 1e-3, to: 1, scale: 'log' },
      hidden: { from: 8, to: 64, whole: true },
      dropout: { from: 0, to: 0.5 },
      cell: { choice: ['rnn', 'lstm', 'gru'] },
      bidirectional: [true, false],
      layers: [1, 2],
    },
    order: 'sobol',
    points: 7,
    stop: { rule: 'median', first: 20, trials: 2 },
    budget: { steps: 170 },
  });
  const failed: TrialOutcome = { ended: 'failed', why: 'a text that is too short' };
  const runner = new StubRunner({ before: ({ number }) => (number === 1 ? failed : undefined) });
  await sweep.run(runner, { jobs: 1 });
  return sweep.lines;
}

it('writes the same journal that Optuna has read', async () => {
  const lines = await ownLines();
  if (process.env.UNROLLED_GOLDEN) writeFileSync(path('own.journal'), `${lines.join('\n')}\n`);
  expect(lines.map(timeless)).toEqual(linesOf('own.journal').map(timeless));
});

it('reads a journal as Optuna does', () => {
  const history = historyOf(linesOf('own.journal'));
  const theirs = readBy('own');
  expect(history.name).toBe(theirs.name);
  expect(
    history.trials.map(({ number, state, value, point }) => ({ number, state, value: value ?? null, point })),
  ).toEqual(
    theirs.trials.map(({ number, state, value, point }) => ({
      ...{ number, value, point },
      state: state === 'fail' ? 'failed' : state,
    })),
  );
});

it('stores all values by step, all attributes and all parameters for Optuna', () => {
  const history = historyOf(linesOf('own.journal'));
  const theirs = readBy('own');
  expect(theirs.directions).toEqual(['minimize']);
  expect(new Set(theirs.trials.map(({ state }) => state))).toEqual(
    new Set(['complete', 'fail', 'pruned', 'running']),
  );
  expect(theirs.trials.map(({ values }) => values)).toEqual(history.trials.map(({ values }) => [...values]));
  for (const { number, attributes } of theirs.trials)
    expect(attributes).toMatchObject(history.trials[number].attributes);
  expect(theirs.trials[0].distributions).toEqual({
    rate: 'FloatDistribution(high=1.0, log=True, low=0.001, step=None)',
    hidden: 'IntDistribution(high=64, log=False, low=8, step=1)',
    dropout: 'FloatDistribution(high=0.5, log=False, low=0.0, step=None)',
    cell: "CategoricalDistribution(choices=('rnn', 'lstm', 'gru'))",
    bidirectional: 'CategoricalDistribution(choices=(True, False))',
    layers: 'CategoricalDistribution(choices=(1, 2))',
  });
});
