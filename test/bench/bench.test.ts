import { expect, it } from 'vitest';
import { openDevice, runBench, sgd, type Device, type Program, type Workload } from '../../src/index.js';
import { median } from '../../src/bench/run.js';
import { webgpuDevice } from '../support/devices.js';

const small: Workload = { name: 'small', V: 11, H: 12, L: 2, N: 3, T: 4, loss: 'mean', optimizer: sgd({ rate: 0.1 }), clip: { norm: 5 } };

it('verifies every strategy, then times it', async () => {
  const webgpu = await webgpuDevice();
  const cpu = await openDevice({ backend: 'cpu' });
  const rows = await runBench(
    [
      { name: 'fused', device: webgpu, form: 'fused' },
      { name: 'general', device: webgpu, form: 'general' },
      { name: 'cpu', device: cpu, form: 'fused' },
    ],
    { workloads: [small], rounds: 2, turnMs: 1 },
  );
  expect(rows.map(({ strategy }) => strategy)).toEqual(['fused', 'general', 'cpu']);
  for (const row of rows) {
    expect(row.verifiedError).toBeLessThan(1e-5);
    expect(row.medianMs).toBeGreaterThan(0);
    expect(row.kernels?.length).toBeGreaterThan(0);
  }
  expect(rows[1].dispatchesPerStep).toBeGreaterThan(rows[0].dispatchesPerStep);
});

it.each([
  [[4], 4],
  [[3, 1, 2], 2],
  [[10, 1], 5.5],
  [[9, 1, 4, 2], 3],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

it('does not time what computes wrong losses', async () => {
  const cpu = await openDevice({ backend: 'cpu' });
  const broken: Device = {
    info: cpu.info,
    counts: cpu.counts,
    lost: cpu.lost,
    createMemory: () => cpu.createMemory(),
    prepare: async (graph, memory, options) => wrong(await cpu.prepare(graph, memory, options)),
    dispose: () => undefined,
  };
  await expect(runBench([{ name: 'broken', device: broken, form: 'fused' }], { workloads: [small], rounds: 1, turnMs: 1 })).rejects.toThrow(/broken on small is wrong/);
});

function wrong(program: Program): Program {
  return {
    summary: program.summary,
    maxSteps: program.maxSteps,
    submit: async (feeds) => (await program.submit(feeds)).map((reports) => ({ ...reports, report: reports.report.map((x) => x * 1.5) })),
    write: (name, data) => program.write(name, data),
    read: (name) => program.read(name),
    time: (feeds, repeats) => program.time(feeds, repeats),
    dispose: () => program.dispose(),
  };
}
