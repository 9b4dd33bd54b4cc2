import { afterEach, describe, expect, it, vi } from 'vitest';
import { DeviceError, openDevice, sgd, type Device } from '../../src/index.js';
import {
  CURVES,
  ownStrategy,
  runBench,
  WORKLOADS,
  type BenchRow,
  type Contestant,
  type LeftOut,
  type Strategy,
  type Workload,
  WorkloadData,
} from '../../src/bench/index.js';
import { Judge } from '../../src/bench/judge.js';
import { median } from '../../src/bench/statistics.js';
import { CURVE_POINTS, operationsOf } from '../../src/bench/workloads.js';
import { WasmDevice } from '../../src/wasm/index.js';
import { webgpuDevice } from '../support/devices.js';

/** No budget may run out by itself, however slow the machine. */
const NO_HURRY = 1e9;

const small: Workload = {
  name: 'small',
  cell: 'lstm',
  V: 11,
  H: 12,
  L: 2,
  N: 3,
  T: 4,
  loss: 'mean',
  optimizer: sgd({ rate: 0.1 }),
  clip: { norm: 5 },
};

it('verifies every strategy, then times it', async () => {
  const webgpu = await webgpuDevice();
  const cpu = await openDevice({ backend: 'cpu' });
  const leftOut: LeftOut[] = [];
  const rows = await runBench(
    [
      ownStrategy({ name: 'fused', device: webgpu, form: 'fused' }),
      ownStrategy({ name: 'general', device: webgpu, form: 'general' }),
      ownStrategy({ name: 'cpu', device: cpu, form: 'fused' }),
    ],
    {
      workloads: [small],
      rounds: 2,
      turnMs: 10,
      budgetMs: NO_HURRY,
      onLeftOut: (what) => leftOut.push(what),
    },
  );
  expect(leftOut).toEqual([]);
  expect(rows.map(({ strategy }) => strategy)).toEqual(['fused', 'general', 'cpu']);
  for (const row of rows) {
    expect(row.verifiedError).toBeLessThan(1e-5);
    expect(row.medianMs).toBeGreaterThan(0);
    expect(row.rounds).toBe(2);
    expect(row.kernels?.length).toBeGreaterThan(0);
  }
  expect(rows[1].dispatchesPerStep).toBeGreaterThan(rows[0].dispatchesPerStep ?? Infinity);
  expect(webgpu.counts.bindGroups).toBe(0); // everything is disposed of
});

it.each([
  [[4], 4],
  [[3, 1, 2], 2],
  [[10, 1], 5.5],
  [[9, 1, 4, 2], 3],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

/** A strategy whose losses are those of the CPU, changed by `change`. */
function changed(name: string, change: (loss: number) => number, disposed: string[] = []): Strategy {
  return {
    name,
    adapter: 'none',
    runtime: 'test',
    prepare: async (data): Promise<Contestant> => {
      const contestant = await ownStrategy({
        name,
        device: await openDevice({ backend: 'cpu' }),
        form: 'fused',
      }).prepare(data);
      return {
        train: async (steps, wanted) => (await contestant.train(steps, wanted)).map(change),
        dispose: () => {
          disposed.push(name);
          contestant.dispose();
        },
      };
    },
  };
}

describe('a wrong strategy is not timed', () => {
  it.each([
    ['a wrong loss', (loss: number) => loss * 1.01],
    ['no number', () => NaN],
  ])('%s', async (_, change) => {
    const leftOut: LeftOut[] = [];
    const disposed: string[] = [];
    const strategies = [changed('broken', change, disposed), changed('right', (loss) => loss, disposed)];
    const rows = await runBench(strategies, {
      workloads: [small],
      rounds: 1,
      turnMs: 1,
      budgetMs: NO_HURRY,
      onLeftOut: (what) => leftOut.push(what),
    });
    expect(rows.map(({ strategy }) => strategy)).toEqual(['right']);
    expect(leftOut).toHaveLength(1);
    expect(leftOut[0]).toMatchObject({ workload: 'small', strategy: 'broken', failed: true });
    expect(leftOut[0].why).toMatch(/broken on small is wrong, so it is not timed/);
    expect(disposed).toEqual(['broken', 'right']);
  });

  it('a system that computes the forward pass but no update', async () => {
    const leftOut: LeftOut[] = [];
    const frozen: Strategy = {
      ...changed('frozen', (loss) => loss),
      // Every step begins with the first weights: the loss of the second is that of another window
      // without an update.
      prepare: async (data) => {
        const { workload } = data;
        const still = new WorkloadData({ ...workload, optimizer: sgd({ rate: 0 }) });
        return ownStrategy({
          name: 'frozen',
          device: await openDevice({ backend: 'cpu' }),
          form: 'fused',
        }).prepare(still);
      },
    };
    const workload: Workload = { ...small, optimizer: sgd({ rate: 1 }) };
    expect(
      await runBench([frozen], {
        workloads: [workload],
        rounds: 1,
        turnMs: 1,
        budgetMs: NO_HURRY,
        onLeftOut: (what) => leftOut.push(what),
      }),
    ).toEqual([]);
    expect(leftOut[0]).toMatchObject({ strategy: 'frozen', failed: true });
  });
});

describe('the budget of a workload', () => {
  afterEach(() => vi.restoreAllMocks());

  /**
   * A strategy with the right losses, whose steps take so many milliseconds of a clock that only
   * they move. The first one compiles for ten times as long.
   */
  function clocked(name: string, ms: number, clock: { now: number }): Strategy {
    const right = changed(name, (loss) => loss);
    return {
      ...right,
      prepare: async (data) => {
        const contestant = await right.prepare(data);
        let first = 10;
        return {
          ...contestant,
          train: (steps, wanted) => {
            clock.now += ms * (steps - 1 + first);
            first = 1;
            return contestant.train(steps, wanted);
          },
        };
      },
    };
  }

  /** What comes of strategies with these times of a step, in five rounds at most. */
  async function within(
    budgetMs: number,
    times: Readonly<Record<string, number>>,
  ): Promise<{ rows: readonly BenchRow[]; leftOut: readonly LeftOut[] }> {
    const clock = { now: 0 };
    vi.spyOn(performance, 'now').mockImplementation(() => clock.now);
    const leftOut: LeftOut[] = [];
    const strategies = Object.entries(times).map(([name, ms]) => clocked(name, ms, clock));
    const rows = await runBench(strategies, {
      workloads: [small],
      budgetMs,
      rounds: 5,
      turnMs: 100,
      onLeftOut: (what) => leftOut.push(what),
    });
    return { rows, leftOut };
  }

  it('is enough for all rounds: times cover steps only, without compilation', async () => {
    const { rows, leftOut } = await within(10_000, { quick: 10, slow: 200 });
    expect(
      rows.map(({ strategy, medianMs, minMs, maxMs, rounds }) => [strategy, medianMs, minMs, maxMs, rounds]),
    ).toEqual([
      ['quick', 10, 10, 10, 5],
      ['slow', 200, 200, 200, 5],
    ]);
    expect(leftOut).toEqual([]);
  });

  it('reduces the rounds, at last to the second step of the verification', async () => {
    // 11 steps verify it: 2.2 s; each round is a step more.
    const [{ rows: some }, { rows: one }] = [
      await within(2_700, { slow: 200 }),
      await within(2_350, { slow: 200 }),
    ];
    expect(some).toMatchObject([{ rounds: 2, medianMs: 200, reduced: ['2 of 5 rounds'] }]);
    expect(one).toMatchObject([{ rounds: 1, medianMs: 200, reduced: ['one step'] }]);
    expect((await within(10_000, { slow: 200 })).rows[0]).not.toHaveProperty('reduced');
  });

  it('is exceeded by the first strategy, so that every workload has a figure', async () => {
    const { rows, leftOut } = await within(1_000, { endless: 1_000, late: 10 });
    expect(rows).toMatchObject([{ strategy: 'endless', medianMs: 1_000, reduced: ['one step'] }]);
    expect(leftOut.map(({ strategy }) => strategy)).toEqual(['late']);
  });

  it('skips a strategy that is not verified in time, and all after it', async () => {
    const { rows, leftOut } = await within(3_000, { quick: 10, endless: 1_000, late: 10 });
    expect(rows.map(({ strategy }) => strategy)).toEqual(['quick']);
    const why = 'it would go beyond the budget of 3.0 s';
    expect(leftOut).toEqual(
      ['endless', 'late'].map((strategy) => ({ workload: 'small', strategy, why, failed: false })),
    );
  });

  it('is not spent on measuring kernels, whose time is reported', async () => {
    const clock = { now: 0 };
    vi.spyOn(performance, 'now').mockImplementation(() => clock.now);
    const tuning = (name: string, tunes: boolean): Strategy => {
      const right = clocked(name, 10, clock);
      const prepare: Strategy['prepare'] = (data) => {
        clock.now += 60_000;
        return right.prepare(data);
      };
      return { ...right, tunes, prepare };
    };
    const leftOut: LeftOut[] = [];
    const rows = await runBench([tuning('tuned', true), tuning('slow to begin', false)], {
      workloads: [small],
      budgetMs: 10_000,
      rounds: 5,
      turnMs: 100,
      onLeftOut: (what) => leftOut.push(what),
    });
    expect(rows).toMatchObject([{ strategy: 'tuned', rounds: 1, tuningMs: 60_000 }]);
    expect(leftOut.map(({ strategy }) => strategy)).toEqual(['slow to begin']);
  });
});

describe('what strategies are compared with', () => {
  /** Milliseconds of two steps of `small` on a reference that makes one operation in each. */
  const SLOW = 2 * operationsOf(small);

  async function judged(
    budgetMs: number,
    judge: Judge,
    workloads: readonly Workload[] = [small],
  ): Promise<{ rows: readonly BenchRow[]; leftOut: readonly LeftOut[]; doings: readonly string[] }> {
    const leftOut: LeftOut[] = [];
    const doings: string[] = [];
    const rows = await runBench([changed('right', (loss) => loss)], {
      ...{ workloads, budgetMs, judge, rounds: 1, turnMs: 1 },
      onLeftOut: (what) => leftOut.push(what),
      onDoing: (doing) => doings.push(doing),
    });
    return { rows, leftOut, doings };
  }

  it('is the reference, if it takes at most half of the budget', async () => {
    const { rows, doings } = await judged(2.01 * SLOW, new Judge(1));
    expect(doings[0]).toBe('small: reference');
    expect(rows[0]).not.toHaveProperty('reduced');
  });

  it('else the CPU, which the reference verifies on a smaller batch', async () => {
    const { rows, doings } = await judged(1.99 * SLOW, new Judge(1));
    expect(doings[0]).toBe('small: cpu in place of the reference');
    expect(rows).toMatchObject([{ strategy: 'right', verifiedError: 0, reduced: ['compared with the CPU'] }]);
  });

  it('is still the reference in a runtime without SIMD', async () => {
    const { doings } = await judged(1.99 * SLOW, new Judge(1, () => Promise.resolve(undefined)));
    expect(doings[0]).toBe('small: reference');
  });

  it('is still the reference if the runtime refuses the kernels; any other error fails', async () => {
    const open = vi.spyOn(WasmDevice, 'open');
    try {
      open.mockRejectedValueOnce(new DeviceError('WebAssembly is forbidden'));
      expect((await judged(1.99 * SLOW, new Judge(1))).doings[0]).toBe('small: reference');
      open.mockRejectedValueOnce(new TypeError('a fault'));
      const { rows, leftOut } = await judged(1.99 * SLOW, new Judge(1));
      expect(rows).toEqual([]);
      expect(leftOut).toEqual([{ workload: 'small', why: 'a fault', failed: true }]);
    } finally {
      open.mockRestore();
    }
  });

  it('a CPU with wrong losses fails', async () => {
    const wrong = async (): Promise<Device> => withReports(await openDevice({ backend: 'cpu' }), 1.01);
    const { rows, leftOut } = await judged(1.99 * SLOW, new Judge(1, wrong));
    expect(rows).toEqual([]);
    expect(leftOut).toMatchObject([{ workload: 'small', failed: true }]);
    expect(leftOut[0].why).toMatch(
      /^CPU, .* is wrong, so nothing can be compared with it: its losses of 2 rows and 4 time steps are/,
    );
  });

  it('is missing where both would take longer than the budget: the workload is left out', async () => {
    const smaller: Workload = { ...small, name: 'smaller', N: 1, T: 1 };
    const { rows, leftOut } = await judged(SLOW / 2, new Judge(1), [small, smaller]);
    expect(rows.map(({ workload }) => workload)).toEqual(['smaller']);
    expect(leftOut).toMatchObject([{ workload: 'small', failed: false }]);
    expect(leftOut[0].why).toMatch(/the reference, .* would take about 268 s, and the budget is 134 s/);
  });

  /** A device whose reports of losses are wrong by a factor. */
  function withReports(device: Device, factor: number): Device {
    const bound = (target: object, name: string | symbol): unknown => {
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    };
    const prepare: Device['prepare'] = async (...given) => {
      const program = await device.prepare(...given);
      const submit: typeof program.submit = async (feeds) =>
        (await program.submit(feeds)).map((reports) => ({
          ...reports,
          report: (reports.report as Float32Array).map((value) => value * factor),
        }));
      return new Proxy(program, {
        get: (target, name) => (name === 'submit' ? submit : bound(target, name)),
      });
    };
    return new Proxy(device, { get: (target, name) => (name === 'prepare' ? prepare : bound(target, name)) });
  }
});

describe('workloads', () => {
  it('are named by their sizes', () => {
    expect(WORKLOADS.map(({ name }) => name)).toEqual([
      'rnn V65 H100 N1 T25',
      'rnn V1465 H256 N32 T35',
      'lstm V65 H128 L2 N50 T50',
      'lstm V65 H512 L2 N32 T64',
      'gru V65 H256 N32 T64',
    ]);
    expect(CURVES.H.map(({ H }) => H)).toEqual([64, 128, 256, 512, 1024]);
    expect(CURVES.T.map(({ T }) => T)).toEqual([8, 16, 32, 64, 128, 256]);
    expect(new Set(CURVE_POINTS.map(({ name }) => name)).size).toBe(CURVE_POINTS.length);
  });

  it.each([
    // forward: N·T·(H² + H·V) multiply-adds; twice that again backward
    ['rnn V65 H100 N1 T25', 2 * 3 * 25 * (100 * 100 + 100 * 65)],
    // two layers: 4·H² within each, 4·H² from the first to the second
    ['lstm V65 H128 L2 N50 T50', 2 * 3 * 2500 * (8 * 128 * 128 + 4 * 128 * 128 + 128 * 65)],
  ])('%s counts %d operations', (name, operations) => {
    const found = WORKLOADS.find((workload) => workload.name === name);
    expect(found && operationsOf(found)).toBe(operations);
  });
});

it('gives all strategies the same windows, each from zero states', () => {
  const data = new WorkloadData(small);
  const [a, b] = [data.windows(), new WorkloadData(small).windows()];
  for (let step = 0; step < 3; step++) {
    const window = a();
    expect(window.inputs).toEqual(b().inputs);
    expect([...window.keep]).toEqual([0, 0, 0]);
  }
  expect(
    Object.fromEntries(Object.entries(data.parameters()).map(([name, { shape }]) => [name, shape.join()])),
  ).toEqual({
    'rnn.weight_ih_l0': '48,11',
    'rnn.weight_hh_l0': '48,12',
    'rnn.bias_hh_l0': '48',
    'rnn.weight_ih_l1': '48,12',
    'rnn.weight_hh_l1': '48,12',
    'rnn.bias_hh_l1': '48',
    'head.weight': '11,12',
    'head.bias': '11',
  });
});
