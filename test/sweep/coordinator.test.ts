import { describe, expect, it } from 'vitest';
import { History, type GivenSpec, type Operation, type TrialOutcome } from '../../src/sweep/index.js';
import { GRID, stubLoss, StubRunner, stubSweep, type StubSweep } from './stub.js';

/** Returns state, value and options of all trials. */
const results = ({ history }: Pick<StubSweep, 'history'>): object[] =>
  history.trials.map(({ number, state, value, point }) => ({ number, state, value, point }));

const HALVING = {
  parameters: { rate: { from: 1e-4, to: 1, scale: 'log' }, hidden: { from: 4, to: 64, whole: true } },
  order: 'sobol',
  points: 9,
  stop: { rule: 'halving', first: 10, factor: 3 },
};

describe('a sweep of stub trials', () => {
  it('runs every combination once and finds the best', async () => {
    const sweep = stubSweep(GRID);
    expect(await sweep.run(new StubRunner())).toBe('complete');
    const { trials } = sweep.history;
    expect(trials.map(({ point }) => [point.rate, point.hidden])).toEqual(
      [0.1, 0.01, 0.001].flatMap((rate) => [10, 20].map((hidden) => [rate, hidden])),
    );
    for (const { value, point, state, step } of trials) {
      expect([state, step]).toEqual(['complete', 40]);
      expect(value).toBe(stubLoss(point, 0, 40));
    }
  });

  it('runs one trial for each seed of a point', async () => {
    const sweep = stubSweep({ ...GRID, seeds: 3, train: { seed: 5 } });
    await sweep.run(new StubRunner());
    expect(sweep.history.trials).toHaveLength(18);
    expect(
      sweep.history.trials.slice(0, 4).map(({ attributes, point }) => [attributes.seed, point.hidden]),
    ).toEqual([
      [5, 10],
      [6, 10],
      [7, 10],
      [5, 20],
    ]);
  });

  it('keeps the allowed number of trials running', async () => {
    const sweep = stubSweep(GRID);
    let [running, most] = [0, 0];
    const runner = new StubRunner();
    await sweep.run(
      {
        async run(...given) {
          most = Math.max(most, ++running);
          const outcome = await runner.run(...given);
          running--;
          return outcome;
        },
      },
      { jobs: 4 },
    );
    expect(most).toBe(4);
  });

  it('stores why a trial failed, and continues with the others', async () => {
    const sweep = stubSweep(GRID);
    const failed: TrialOutcome = { ended: 'failed', why: 'the text is too short' };
    await sweep.run(new StubRunner({ before: ({ number }) => (number === 2 ? failed : undefined) }));
    expect(sweep.history.trials.map(({ state }) => state)).toEqual([
      ...['complete', 'complete', 'failed', 'complete', 'complete', 'complete'],
    ]);
    expect(sweep.history.trials[2].attributes.why).toBe('the text is too short');
  });

  it('counts a loss that is not finite as a failure', async () => {
    const sweep = stubSweep(GRID);
    const lossOf: typeof stubLoss = (point, seed, step) =>
      point.rate === 0.1 && step > 10 ? NaN : stubLoss(point, seed, step);
    await sweep.run(new StubRunner({ lossOf }));
    expect(sweep.history.trials[0]).toMatchObject({
      state: 'failed',
      attributes: { why: 'its loss is not finite at step 20' },
    });
    expect(sweep.lines.join('\n')).not.toContain('"intermediate_value":null');
  });

  it('maximizes an accuracy', async () => {
    const sweep = stubSweep({ ...GRID, objective: 'accuracy' });
    await sweep.run(new StubRunner());
    expect(sweep.lines[0]).toContain('"directions":[2]');
    for (const { value, point } of sweep.history.trials) expect(value).toBe(1 / (1 + stubLoss(point, 0, 40)));
  });

  it('measures the time to reach a loss, and stops the trial there', async () => {
    const sweep = stubSweep({ ...GRID, objective: 'time', 'to-loss': 0.6 });
    await sweep.run(new StubRunner());
    const states = sweep.history.trials.map(({ state, value, step }) => [state, value, step]);
    // Rate 0.01 and 20 units: 0.5 + 1/step is below 0.6 from step 10 on.
    expect(states[3]).toEqual(['complete', 0.1, 10]);
    expect(states[0]).toEqual(['pruned', undefined, 40]);
    expect(sweep.history.trials[0].attributes.why).toBe('it never reached a loss of 0.6');
  });
});

describe('a lost trial', () => {
  it('continues from its checkpoint', async () => {
    const undisturbed = stubSweep(GRID);
    await undisturbed.run(new StubRunner());
    const sweep = stubSweep(GRID);
    const killed = new Set<string>();
    const runner = new StubRunner({
      before: ({ number }, step) => {
        if (step === 10 || killed.has(`${number} ${step}`)) return undefined;
        killed.add(`${number} ${step}`);
        return { ended: 'lost', why: 'killed by SIGKILL' };
      },
    });
    await sweep.run(runner);
    expect(results(sweep)).toEqual(results(undisturbed));
    expect(killed.size).toBe(18);
    expect(runner.attempts.filter(({ number }) => number === 0).map(({ from }) => from)).toEqual([
      0, 10, 20, 30,
    ]);
  });

  it('counts as failed after four losses without progress', async () => {
    const sweep = stubSweep(GRID);
    const runner = new StubRunner({
      before: ({ number }, step) =>
        number === 1 && step === 20 ? { ended: 'lost', why: 'killed by SIGKILL' } : undefined,
    });
    await sweep.run(runner);
    expect(sweep.history.trials[1]).toMatchObject({
      state: 'failed',
      attributes: { why: 'killed by SIGKILL, 4 times in a row' },
    });
  });
});

/** The error that simulates kill -9 of the coordinator. */
class Killed extends Error {}

describe('a coordinator that is killed after any line of the record', () => {
  const cases: [string, GivenSpec][] = [
    ['a grid', GRID],
    ['a grid with seeds', { ...GRID, seeds: 2 }],
    ['successive halving', HALVING],
  ];
  it.each(cases)('is replaced by one that has the same results: %s', async (_, given) => {
    const undisturbed = stubSweep(given);
    await undisturbed.run(new StubRunner(), { jobs: 1 });
    for (let kept = 2; kept < undisturbed.lines.length; kept++) {
      const lines = undisturbed.lines.slice(0, 2);
      const runner = new StubRunner();
      const first = stubSweep(given, lines);
      const append = (operations: readonly Operation[]): void => {
        for (const operation of operations) {
          if (lines.length >= kept) throw new Killed();
          lines.push(JSON.stringify(operation));
        }
      };
      await expect(first.run(runner, { jobs: 1, append })).rejects.toThrow(Killed);
      const second = stubSweep(given, lines);
      expect(await second.run(runner, { jobs: 1 })).toBe('complete');
      expect(results(second)).toEqual(results(undisturbed));
    }
  });
});

describe('a stop rule', () => {
  it('median stops a trial whose best value is worse than the median of finished ones', async () => {
    const sweep = stubSweep({
      parameters: { rate: [0.01, 0.02, 0.015, 0.9, 0.012], hidden: [100] },
      stop: { rule: 'median', first: 20, trials: 3 },
    });
    await sweep.run(new StubRunner(), { jobs: 1 });
    expect(sweep.history.trials.map(({ state, step }) => [state, step])).toEqual([
      ...[
        ['complete', 40],
        ['complete', 40],
        ['complete', 40],
      ],
      ...[
        ['pruned', 20],
        ['complete', 40],
      ],
    ]);
    expect(sweep.history.trials[3].value).toBe(stubLoss(sweep.history.trials[3].point, 0, 20));
  });

  it('halving continues one of three trials from its checkpoint, for any number of parallel trials', async () => {
    const sweep = stubSweep(HALVING);
    const runner = new StubRunner({ steps: 90 });
    await sweep.run(runner, { jobs: 3 });
    const { trials } = sweep.history;
    const loss = (number: number, step: number): number => stubLoss(trials[number].point, 0, step);
    const best = (numbers: readonly number[], step: number, keep: number): number[] =>
      [...numbers].sort((a, b) => loss(a, step) - loss(b, step)).slice(0, keep);
    const second = best([0, 1, 2, 3, 4, 5, 6, 7, 8], 10, 3);
    const [winner] = best(second, 30, 1);
    for (const { number, state, step } of trials)
      expect([number, state, step]).toEqual(
        number === winner ? [number, 'complete', 90] : [number, 'pruned', second.includes(number) ? 30 : 10],
      );
    expect(runner.attempts.filter(({ number }) => number === winner).map(({ from }) => from)).toEqual([
      0, 10, 30,
    ]);
    const alone = stubSweep(HALVING);
    await alone.run(new StubRunner({ steps: 90 }), { jobs: 1 });
    expect(results(alone)).toEqual(results(sweep));
  });
});

describe('a budget', () => {
  it('of trials limits their number', async () => {
    const sweep = stubSweep({ ...GRID, budget: { trials: 4 } });
    expect(await sweep.run(new StubRunner())).toBe('complete');
    expect(sweep.history.trials).toHaveLength(4);
  });

  it('of steps pauses running trials, and a larger budget continues them', async () => {
    const sweep = stubSweep({ ...GRID, budget: { steps: 100 } });
    const runner = new StubRunner();
    expect(await sweep.run(runner)).toBe('steps');
    const steps = sweep.history.trials.reduce((sum, { step }) => sum + step, 0);
    expect(steps).toBeGreaterThanOrEqual(100);
    expect(steps).toBeLessThan(130);
    const more = stubSweep(GRID, sweep.lines);
    expect(await more.run(runner)).toBe('complete');
    expect(more.history.trials.map(({ state }) => state)).toEqual(Array(6).fill('complete'));
  });

  it('of hours pauses running trials', async () => {
    const sweep = stubSweep({ ...GRID, budget: { hours: 1e-9 } });
    const waits: StubRunner['run'] = (_request, _tell, pause) =>
      new Promise((resolve) => pause.addEventListener('abort', () => resolve({ ended: 'paused' })));
    expect(await sweep.run({ run: waits })).toBe('hours');
    expect(sweep.events.map(({ kind }) => kind)).toEqual(['started', 'started', 'paused', 'paused']);
  });
});

describe('a machine at fault', () => {
  it('ends the sweep, but not the trial', async () => {
    const sweep = stubSweep(GRID);
    const why = 'Cannot write "a": the disk is full.';
    const before = ({ number }: { number: number }): TrialOutcome | undefined =>
      number === 1 ? { ended: 'blocked', why } : undefined;
    await expect(sweep.run(new StubRunner({ before }))).rejects.toThrow(why);
    expect(sweep.history.trials[1].state).toBe('running');
    const more = stubSweep(GRID, sweep.lines);
    await more.run(new StubRunner());
    expect(more.history.trials.map(({ state }) => state)).toEqual(Array(6).fill('complete'));
  });

  it('an interruption pauses all trials', async () => {
    const sweep = stubSweep(GRID);
    const controller = new AbortController();
    const before = (_: object, step: number): undefined => {
      if (step === 20) controller.abort();
    };
    expect(await sweep.run(new StubRunner({ before }), { signal: controller.signal })).toBe('interrupted');
    expect(sweep.history.trials.every(({ state }) => state === 'running')).toBe(true);
  });
});

it('keeps no reports in memory if no stop rule needs them', async () => {
  const sweep = stubSweep(GRID);
  await sweep.run(new StubRunner());
  const history = new History({ values: false });
  for (const line of sweep.lines) history.apply(JSON.parse(line) as Operation);
  expect(history.trials.map(({ values }) => values.size)).toEqual(Array(6).fill(0));
  expect(results({ history })).toEqual(results(sweep));
});
