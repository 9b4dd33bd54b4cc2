import { describe, expect, it } from 'vitest';
import { openDevice, sgd, type Device } from '../../src/index.js';
import {
  benchCsv,
  benchMarkdown,
  benchTables,
  NO_RESULTS,
  ownStrategy,
  runSuite,
  withEvent,
  type BenchEvent,
  type BenchReport,
  type BenchWriter,
  type LeftOut,
  type StepLimit,
  type Workload,
} from '../../src/bench/index.js';
import { runAttention, type AttentionWorkload } from '../../src/bench/attention.js';
import { limitOf } from '../../src/bench/step-limit.js';
import { runGeneration } from '../../src/bench/generation.js';
import { kernelCases } from '../../src/bench/kernel-cases.js';
import { runKernels } from '../../src/bench/kernels.js';
import { webgpuDevice } from '../support/devices.js';
import { loadedOp } from '../support/ops.js';

const tiny: Workload = {
  name: 'tiny',
  cell: 'gru',
  V: 7,
  H: 8,
  L: 1,
  N: 2,
  T: 3,
  loss: 'mean',
  optimizer: sgd({ rate: 0.1 }),
  clip: {},
};
const writer: Workload = { ...tiny, name: 'writer', N: 1, T: 1 };

describe('writing', () => {
  it('is verified character by character, then timed: many at once, and each awaited', async () => {
    const device = await webgpuDevice();
    const strategies = [
      ownStrategy({ name: 'fused', device, form: 'fused' }),
      ownStrategy({ name: 'each awaited', device, form: 'fused', charactersAtOnce: 1 }),
      ownStrategy({ name: 'general', device, form: 'general' }),
    ];
    const leftOut: LeftOut[] = [];
    const rows = await runGeneration(strategies, {
      workloads: [writer],
      rounds: 2,
      turnMs: 5,
      onLeftOut: (what) => leftOut.push(what),
    });
    expect(leftOut).toEqual([]);
    expect(rows.map(({ strategy }) => strategy)).toEqual(['fused', 'each awaited', 'general']);
    for (const row of rows) {
      expect(row.verifiedCharacters).toBe(24);
      expect(row.charsPerSecond).toBeCloseTo(1000 / row.medianMs);
    }
    expect(rows[2].dispatchesPerCharacter).toBeGreaterThan(rows[0].dispatchesPerCharacter ?? Infinity);
    expect(device.counts.bindGroups).toBe(0);
  });

  it('is not timed if its text differs', async () => {
    const leftOut: LeftOut[] = [];
    const cpu = ownStrategy({ name: 'other', device: await openDevice({ backend: 'cpu' }), form: 'fused' });
    const other = {
      ...cpu,
      prepareWriter: async (data: Parameters<typeof cpu.prepare>[0]): Promise<BenchWriter> => {
        const own = await cpu.prepareWriter?.(data);
        if (!own) throw new Error('it writes');
        return {
          write: async (characters) =>
            (await own.write(characters)).map((id, i) => (i === 5 ? (id + 1) % 7 : id)),
          dispose: () => own.dispose(),
        };
      },
    };
    expect(
      await runGeneration([other], {
        workloads: [writer],
        rounds: 1,
        turnMs: 1,
        onLeftOut: (what) => leftOut.push(what),
      }),
    ).toEqual([]);
    expect(leftOut[0].why).toMatch(/other on writer is wrong, so it is not timed: character 6 is symbol/);
  });
});

describe('kernels', () => {
  it('are compared with the ceilings of the same device', async () => {
    const device = await webgpuDevice();
    const cases = kernelCases(false).filter(
      ({ op, size, ceiling }) =>
        ceiling !== undefined || op === 'multiply' || (op === 'linear' && size.dims.P === 65),
    );
    const rows = await runKernels(device, { cases, rounds: 1, turnMs: 5 });
    expect(rows.map(({ kernel }) => kernel)).toEqual([
      'ceiling: multiply-adds',
      'ceiling: copy',
      'linear forward',
      'linear backward',
      'multiply forward',
    ]);
    const [arithmetic, bandwidth, forward, backward, multiply] = rows;
    expect(forward.ofArithmetic).toBeCloseTo((forward.gflops ?? NaN) / (arithmetic.gflops ?? NaN));
    expect(multiply.ofBandwidth).toBeCloseTo((multiply.gbs ?? NaN) / (bandwidth.gbs ?? NaN));
    expect([arithmetic.ofArithmetic, bandwidth.ofBandwidth, multiply.gflops, arithmetic.gbs]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(backward.launches).toBe(2);
    for (const { verifiedError } of rows) expect(verifiedError).toBeLessThan(1e-4);
    expect(device.counts.bindGroups).toBe(0);
  });

  it('count the operations and the fewest bytes of a call', () => {
    const find = (op: string, phase: string): ReturnType<typeof kernelCases>[number] | undefined =>
      kernelCases(false).find((each) => each.op === op && each.phase === phase);
    // x, weight, bias and y; then x, weight, bias and the gradients of all four
    const [R, P, K] = [512, 1024, 256];
    expect(find('linear', 'forward')).toMatchObject({
      operations: 2 * R * P * K,
      bytes: 4 * (R * K + P * K + P + R * P),
    });
    expect(find('linear', 'backward')).toMatchObject({
      operations: 4 * R * P * K,
      bytes: 4 * (2 * R * K + 2 * P * K + 2 * P + R * P),
    });
    expect(find('multiply', 'forward')?.bytes).toBe(4 * 3 * 2 ** 20);
    // three tensors are read and written, the gradients only read
    expect(find('adam', 'forward')?.bytes).toBe(4 * (7 * 2 ** 20 + 4 + 4));
    for (const { op, phase } of kernelCases(true)) expect(loadedOp(op).plan[phase], op).toBeDefined();
  });
});

describe('additive attention', () => {
  const window: AttentionWorkload = {
    name: 'small window',
    cell: 'lstm',
    sizes: { T: 3, N: 2, S: 4, A: 5, H: 8 },
  };
  const settings = { workloads: [window], rounds: 2, turnMs: 2 };

  it('is timed as one op and from general ops, with equal results', async () => {
    const [gpu, cpu] = [await webgpuDevice(), await openDevice({ backend: 'cpu' })];
    const leftOut: LeftOut[] = [];
    const rows = await runAttention(
      { '': gpu, 'cpu, ': cpu },
      { ...settings, onLeftOut: (what) => leftOut.push(what) },
    );
    expect(leftOut).toEqual([]);
    expect(rows.map(({ workload, strategy }) => [workload, strategy])).toEqual(
      ['fused', 'general', 'cpu, fused', 'cpu, general'].map((strategy) => ['small window', strategy]),
    );
    for (const row of rows) {
      expect(row.verifiedError).toBeLessThan(1e-4);
      expect(row.rounds).toBe(2);
      expect(row.charsPerSecond).toBeCloseTo((3 * 2 * 1000) / row.medianMs);
    }
    expect(rows[1].dispatchesPerStep).toBeGreaterThan(2 * (rows[0].dispatchesPerStep ?? Infinity));
    expect(gpu.counts.bindGroups).toBe(0);
  });

  it('is not timed if a result differs', async () => {
    const cpu = await openDevice({ backend: 'cpu' });
    const prepare: Device['prepare'] = async (...given) => {
      const program = await cpu.prepare(...given);
      const read: typeof program.read = async (name) => {
        const values = await program.read(name);
        return name === 'gradient keys' ? values.map((value) => value + 1) : values;
      };
      return new Proxy(program, {
        get: (target, name) => {
          const value: unknown = name === 'read' ? read : Reflect.get(target, name, target);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      });
    };
    const wrong = new Proxy(cpu, {
      get: (target, name) => {
        const value: unknown = name === 'prepare' ? prepare : Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const leftOut: LeftOut[] = [];
    const rows = await runAttention({ '': wrong }, { ...settings, onLeftOut: (what) => leftOut.push(what) });
    expect(rows).toEqual([]);
    expect(leftOut.map(({ strategy }) => strategy)).toEqual(['fused', 'general']);
    expect(leftOut[0].why).toMatch(/fused on small window is wrong.*the error of its gradient keys is/);
  });
});

describe('a whole benchmark', () => {
  it('reports each figure as an event, for the chosen parts and names', async () => {
    const [cpu, gpu] = [await openDevice({ backend: 'cpu' }), await webgpuDevice()];
    const events: BenchEvent[] = [];
    const results = await runSuite({
      cpu,
      gpu,
      tuned: gpu,
      parts: ['ceilings', 'grid', 'kernels'],
      workloads: [tiny],
      precisions: ['emulated', 'single'],
      only: ['tiny', 'multiply forward', 'linear forward R=512 P=65'],
      rounds: 1,
      turnMs: 1,
      budgetMs: 1e9, // it may not run out, however slow the machine
      onEvent: (event) => events.push(event),
    });
    expect(results.grid.map(({ workload, strategy, precision }) => [workload, strategy, precision])).toEqual([
      ['tiny', 'fused', 'single'],
      ['tiny', 'fused, emulated', 'emulated'],
      ['tiny', 'tuned', 'single'],
      ['tiny', 'tuned, emulated', 'emulated'],
      ['tiny', 'general', 'single'],
      ['tiny', 'general, emulated', 'emulated'],
      ['tiny', 'cpu', 'single'],
    ]);
    // Rounding of operands is the larger error.
    for (const [i, { precision, verifiedError }] of results.grid.entries())
      if (precision === 'emulated')
        expect(verifiedError).toBeGreaterThan(3 * results.grid[i - 1].verifiedError);
    expect(results.kernels.map(({ kernel, precision }) => [kernel, precision])).toEqual([
      ['linear forward', 'single'],
      ['linear forward, emulated', 'emulated'],
      ['multiply forward', 'single'],
    ]);
    expect(results.ceilings.map(({ adapter }) => adapter)).toEqual([gpu.info.adapter, cpu.info.adapter]);
    for (const { gflops, gbs, launchMicroseconds, submitMicroseconds } of results.ceilings)
      for (const figure of [gflops, gbs, launchMicroseconds, submitMicroseconds])
        expect(figure).toBeGreaterThan(0);
    for (const { adapter, limit, medianMs, dispatchesPerStep = NaN } of results.grid) {
      const of = results.ceilings.find((each) => each.adapter === adapter);
      expect(limit?.launchesMs).toBeCloseTo((dispatchesPerStep * (of?.launchMicroseconds ?? NaN)) / 1000);
      expect(limit?.share).toBeCloseTo(
        Math.max(limit?.arithmeticMs ?? NaN, limit?.launchesMs ?? NaN) / medianMs,
      );
    }
    expect(events.filter(({ kind }) => kind !== 'doing').reduce(withEvent, NO_RESULTS)).toEqual(results);
    expect(
      events.some((event) => event.kind === 'doing' && event.doing.includes('tiny: cpu, round 1 of 1')),
    ).toBe(true);
  });

  it('refuses half precision where there is none', async () => {
    const [cpu, gpu] = [await openDevice({ backend: 'cpu' }), await webgpuDevice()];
    await expect(runSuite({ cpu, parts: ['grid'], precisions: ['emulated'] })).rejects.toThrow(
      /^precision: expected single, because there is no GPU to compute in half precision, got "emulated"\.$/,
    );
    await expect(
      runSuite({ gpu, parts: ['grid', 'generation', 'attention'], precisions: ['emulated'] }),
    ).rejects.toThrow(/^precision: expected single too, because generation and attention have no other/);
    const withoutHalf = new Proxy(gpu, {
      get: (target, name): unknown =>
        name === 'info' ? { ...gpu.info, features: [] } : Reflect.get(target, name),
    });
    await expect(
      runSuite({ gpu: withoutHalf, parts: ['grid'], precisions: ['single', 'mixed'] }),
    ).rejects.toThrow(/^Mixed precision needs a device with the feature shader-f16/);
  });

  it('needs no GPU for writing and attention, and compares them with the limits too', async () => {
    const { ceilings, generation, attention } = await runSuite({
      ...{ cpu: await openDevice({ backend: 'cpu' }), rounds: 1, turnMs: 1 },
      ...{ parts: ['ceilings', 'generation', 'attention'], only: ['N8', 'H100 N1 T1'] },
    });
    expect(attention.map(({ strategy }) => strategy)).toEqual(['cpu, fused', 'cpu, general']);
    expect(generation.map(({ strategy }) => strategy)).toEqual(['cpu']);
    const operations = ({ limit }: { readonly limit?: StepLimit }): number =>
      (limit?.arithmeticMs ?? NaN) * ceilings[0].gflops * 1e6;
    // 2·(H² + H·V) for a character; 3·2·N·T·(C·H + A·H + S·A + S·C) for a window, C = 3·H
    expect(operations(generation[0])).toBeCloseTo(2 * 100 * 165, 3);
    expect(operations(attention[0])).toBeCloseTo(6 * 8 * 12 * (96 * 32 + 32 * 32 + 16 * 32 + 16 * 96), 3);
    for (const { limit, medianMs } of [...generation, ...attention])
      expect(limit?.share).toBeCloseTo(
        Math.max(limit?.arithmeticMs ?? NaN, limit?.launchesMs ?? NaN) / medianMs,
      );
  });

  it('refuses unknown names and parts', async () => {
    const cpu: Device = await openDevice({ backend: 'cpu' });
    await expect(runSuite({ cpu, only: ['transformer'] })).rejects.toThrow(
      /^only: expected .* rnn V65 H100 N1 T25.*transformer/,
    );
    await expect(runSuite({ cpu, parts: ['gird' as 'grid'] })).rejects.toThrow(
      /^part: expected one of ceilings, grid, curves.*gird/,
    );
    await expect(runSuite({ reference: cpu, parts: ['kernels'] })).rejects.toThrow(
      /there is no GPU and no CPU device whose kernels could be timed/,
    );
  });
});

it('the higher of two limits binds', () => {
  const [steps, launches] = [tiny.N * tiny.T, 100];
  const operations = 3 * 2 * steps * (3 * 8 * 8 + 8 * 7);
  const slow = { gflops: operations / 4e6, launchMicroseconds: 10 };
  expect(limitOf(operations, 8, launches, slow)).toEqual({
    arithmeticMs: 4,
    launchesMs: 1,
    binds: 'arithmetic',
    share: 0.5,
  });
  expect(limitOf(operations, 8, launches, { ...slow, launchMicroseconds: 60 })).toMatchObject({
    binds: 'launches',
    share: 0.75,
  });
});

describe('reports', () => {
  const machine = {
    adapter: 'GPU, "large"',
    runtime: 'Chrome 1',
    versions: { unrolled: '0.1.0' },
    cores: 2,
    date: '2026-01-02T03:04:05.678Z',
  };
  const row = {
    workload: 'a|b',
    strategy: 'fused',
    adapter: machine.adapter,
    runtime: 'browser',
    precision: 'single' as const,
    medianMs: 12.345,
    minMs: 10,
    maxMs: 1234.5,
    rounds: 3,
    charsPerSecond: 4567.8,
  };
  const report: BenchReport = {
    ...NO_RESULTS,
    machine,
    method: 'As it is.',
    ceilings: [
      {
        adapter: machine.adapter,
        runtime: 'browser',
        gflops: 10,
        gbs: 2.5,
        launchMicroseconds: 80,
        submitMicroseconds: 1234,
      },
    ],
    grid: [
      {
        ...row,
        gflops: 1.5,
        dispatchesPerStep: 62,
        verifiedError: 3e-7,
        limit: { arithmeticMs: 1, launchesMs: 4.96, binds: 'launches', share: 0.4 },
      },
    ],
    generation: [{ ...row, verifiedCharacters: 24 }],
    curves: [
      {
        ...row,
        ...{ strategy: 'fused, mixed', precision: 'mixed', gflops: 3, verifiedError: 4e-5 },
        reduced: ['2 of 5 rounds', 'compared with the CPU'],
      },
    ],
    attention: [{ ...row, gflops: 0.5, dispatchesPerStep: 71, verifiedError: 0 }],
    leftOut: [{ part: 'grid', workload: 'large', why: 'too long', failed: false }],
  };

  it('have a table for each part that has figures', () => {
    expect(benchTables(report).map(({ title }) => title)).toEqual([
      'Ceilings',
      'Training steps',
      'Over H and T',
      'One character at a time',
      'Additive attention',
      'Measured less',
      'Not measured',
    ]);
    for (const { columns, rows } of benchTables(report))
      for (const cells of rows) expect(cells).toHaveLength(columns.length);
    expect(benchTables(report)[1].rows).toEqual([
      [
        'a|b',
        'fused',
        'single',
        '12.3',
        '10.0 – 1,235',
        '3',
        '4,568',
        '1.50',
        '62',
        '40 %',
        'launches',
        '3e-7',
      ],
    ]);
    expect(benchTables(report).at(-2)?.rows).toEqual([
      ['a|b', 'fused, mixed', '2 of 5 rounds'],
      ['a|b', 'fused, mixed', 'compared with the CPU'],
    ]);
  });

  it('become Markdown with escaped cells', () => {
    const text = benchMarkdown(report);
    expect(text).toContain('GPU, "large"; Chrome 1; unrolled 0.1.0; 2 cores; 2026-01-02');
    expect(text).toContain('| a\\|b | fused | single | 12.3 |');
    expect(text).toContain('| large | all | too long |');
  });

  it('become CSV with a line for each figure, numbers in full', () => {
    const lines = benchCsv(report).trimEnd().split('\r\n');
    expect(lines).toHaveLength(5);
    expect(lines[2]).toMatch(
      /^curves,a\|b,"fused, mixed",.*,3,,,0\.00004,,,mixed,2 of 5 rounds; compared with the CPU$/,
    );
    expect(lines[4]).toMatch(/^attention,a\|b,fused,.*,0\.5,,71,0,,,single,$/);
    expect(lines[1]).toBe(
      'grid,a|b,fused,,"GPU, ' +
        '""large""",browser,2026-01-02T03:04:05.678Z,3,12.345,10,1234.5,4567.8,1.5,,62,3e-7,0.4,launches,single,',
    );
    for (const line of lines.slice(1))
      expect(line.replace(/"[^"]*(""[^"]*)*"/g, '').split(',')).toHaveLength(lines[0].split(',').length);
  });
});
