import { expect, test } from 'vitest';
import { Grid } from '../../demo/src/compare/grid/grid.js';
import { entriesOf, planGrid, type GridEntries } from '../../demo/src/compare/grid/plan.js';
import type { GridWorker, OpenWorker } from '../../demo/src/compare/grid/runner.js';
import type { ComparisonEntries } from '../../demo/src/compare/protocol.js';
import { Service } from '../../demo/src/compare/service.js';
import { readSweep, valueOf } from '../../demo/src/sweep/record.js';

const COMPARED: ComparisonEntries = {
  data: 'copy-memory',
  symbols: 1,
  delay: 12,
  time: 8,
  batch: 4,
  seed: 3,
  weights: 'uniform',
  backend: 'cpu',
  runs: [
    { cell: 'rnn', hidden: 6, layers: 1, rate: 0.01 },
    { cell: 'lstm', hidden: 6, layers: 1, rate: 0.01 },
  ],
};
const CELLS = ['rnn', 'lstm', 'gru'];
const GRID: GridEntries = {
  options: [
    { option: 'hidden', values: '2 4' },
    { option: 'cell', values: 'rnn, gru' },
  ],
  steps: 3,
};

/** The service of a worker, without the worker. */
const near: OpenWorker = (listener): GridWorker => {
  const service = new Service();
  service.listen(listener);
  return { service, dispose: () => undefined };
};

const planned = (entries: Partial<GridEntries>, compared: Partial<ComparisonEntries> = {}) =>
  planGrid({ ...GRID, ...entries }, { ...COMPARED, ...compared }, CELLS);

test.each([1, 2])(
  'a grid runs, %i trials at a time, and the reader of sweeps reads its record',
  async (jobs) => {
    const grid = new Grid(planned({}), 'Grid');
    expect(await grid.run(near, jobs, () => undefined)).toBe('complete');
    const { trials, spec, importances } = readSweep(grid.record, 'grid.journal');
    expect([...trials].sort((a, b) => a.number - b.number).map(({ point }) => point)).toEqual([
      { hidden: 2, cell: 'rnn' },
      { hidden: 2, cell: 'gru' },
      { hidden: 4, cell: 'rnn' },
      { hidden: 4, cell: 'gru' },
    ]);
    expect(trials.map(({ state, step }) => [state, step])).toEqual(Array(4).fill(['complete', 3]));
    for (const trial of trials) {
      expect([...trial.values.keys()]).toEqual([1, 2, 3]);
      // Four bits are more than guessing among ten symbols costs.
      expect(valueOf(trial)).toBeGreaterThan(0);
      expect(valueOf(trial)).toBeLessThan(4 * Math.LN2);
    }
    const [rnn, gru] = grid.history.trials.map(({ attributes }) => Number(attributes.parameters));
    expect(gru).toBeGreaterThan(rnn);
    expect(spec.train).toMatchObject({ data: 'copy-memory', delay: 12, rate: 0.01, steps: 3 });
    expect(importances.map(({ name }) => name).sort()).toEqual(['cell', 'hidden']);
  },
);

test('a grid that is stopped keeps what it has; one whose network cannot be made says why', async () => {
  const grid = new Grid(planned({ steps: 1e6 }), 'Grid');
  const ending = await grid.run(near, 1, () => {
    if (grid.history.trials[0].step > 0) grid.stop();
  });
  expect(ending).toBe('interrupted');
  const [{ state, values }] = readSweep(grid.record, 'grid.journal').trials;
  expect([state, values.size > 0]).toEqual(['running', true]);

  const wrong = new Grid(planned({ options: [{ option: 'rate', values: '0.1 2e6' }] }), 'Grid');
  await wrong.run(near, 1, () => undefined);
  expect(wrong.done.map(({ state: ended }) => ended)).toEqual(['complete', 'failed']);
  expect(wrong.done[1].attributes.why).toMatch(/“Learning rate” needs a number from 0 to 1000000/);
});

test('fields of a grid: what fits is read as people write it, and what does not is named', () => {
  const { spec, entries } = planned(
    {
      options: [
        { option: 'rate', values: '0,05; 0.1  1e-3' },
        { option: 'time', values: '4 8' },
      ],
    },
    { data: 'dates' },
  );
  expect(spec.parameters).toMatchObject({ rate: { values: [0.05, 0.1, 0.001] }, time: { values: [4, 8] } });
  const point = { rate: 0.1, time: 4 };
  expect(entriesOf(entries, point)).toMatchObject({ time: 4, batch: 4, runs: [{ hidden: 6, rate: 0.1 }] });
  expect(entriesOf(entries, point).runs).toHaveLength(1);

  const refused = (option: 'hidden' | 'rate' | 'time' | 'cell', values: string) => () =>
    planned({ options: [{ option, values }] });
  expect(refused('hidden', '')).toThrow(/hidden: expected one to 3 values with blanks between them/);
  expect(refused('hidden', '1 2 3 4')).toThrow(/one to 3 values/);
  expect(refused('hidden', '8 8')).toThrow(/every value once, not 8 twice/);
  expect(refused('hidden', '1.5')).toThrow(/hidden: expected a whole number of at least 1/);
  expect(refused('rate', '-1')).toThrow(/rate: expected numbers of at least 0/);
  expect(refused('cell', 'rnn none')).toThrow(/cell: expected cells among rnn, lstm, gru/);
  expect(refused('time', '8')).toThrow(/time: expected a text to learn/);
  expect(() => planned({ steps: '' })).toThrow(/steps: expected a whole number of at least 1/);
  const [twice] = GRID.options;
  expect(() => planned({ options: [twice, twice] })).toThrow(/two different options/);
});
