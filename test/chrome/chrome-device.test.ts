import { afterAll, beforeAll, expect, it } from 'vitest';
import { openChromeDevice, type ChromeDevice } from '../../src/chrome/remote-device.js';
import { OptionError, ShapeError } from '../../src/core/errors.js';
import type { Memory, Program } from '../../src/plan/device.js';
import { GraphBuilder } from '../../src/plan/graph.js';
import { verifyOps } from '../../src/verify/suite.js';
import { webgpuDevice } from '../support/devices.js';
import { buildDist, runningTotal } from './support.js';

let device: ChromeDevice;

beforeAll(async () => {
  buildDist();
  device = await openChromeDevice();
  process.stderr.write(`Chrome tests run on: ${device.info.adapter}, ${device.info.runtime}\n`);
});

afterAll(() => device?.close());

/** Runs `use` with a new memory and program, on Chrome or another device, and frees both. */
async function withTotal<T>(
  use: (program: Program, memory: Memory) => Promise<T>,
  on = device as Pick<ChromeDevice, 'createMemory' | 'prepare'>,
): Promise<T> {
  const memory = await on.createMemory();
  const program = await on.prepare(runningTotal(5), memory, { maxSteps: 3 });
  try {
    return await use(program, memory);
  } finally {
    program.dispose();
    memory.dispose();
  }
}

it('reports its runtime and adapter', () => {
  expect(device.info).toMatchObject({ backend: 'webgpu', runtime: 'headless Chrome' });
  expect(device.info.adapter).not.toBe('');
  expect(device.info.maxTensorBytes).toBeGreaterThanOrEqual(2 ** 27);
});

it('agrees with the reference in every op', async () => {
  const checks = await verifyOps(device);
  process.stderr.write(`${checks.length} cases in headless Chrome on ${device.info.adapter}\n`);
  expect(checks.length).toBeGreaterThan(50);
  expect(checks.filter(({ pass }) => !pass)).toEqual([]);
}, 600_000);

it('keeps the order of concurrent submits, and each gets its own reports', async () => {
  const reports = await withTotal(async (program) => {
    const submits = Array.from({ length: 20 }, (_, i) =>
      program.submit([3 * i, 3 * i + 1, 3 * i + 2].map((step) => ({ x: new Float32Array(5).fill(step) }))),
    );
    return (await Promise.all(submits)).flat();
  });
  expect(reports.map(({ report }) => report[4])).toEqual(
    Array.from({ length: 60 }, (_, step) => (step * (step + 1)) / 2),
  );
});

it('copies feeds when they are submitted, so the caller may write to them at once', async () => {
  const [[first], [second]] = await withTotal((program) => {
    const x = new Float32Array(5).fill(1);
    const before = program.submit([{ x }]);
    x.fill(10);
    return Promise.all([before, program.submit([{ x }])]);
  });
  expect([first.report[0], second.report[0]]).toEqual([1, 11]);
});

it('transfers four megabytes in both directions, bit for bit', async () => {
  const memory = await device.createMemory();
  await memory.ensure({ name: 'big', shape: [1024, 1024], dtype: 'u32', kind: 'memory' });
  const data = Uint32Array.from({ length: 1024 * 1024 }, (_, i) => Math.imul(i, 2654435761));
  await memory.write('big', data);
  expect(Buffer.compare(Buffer.from((await memory.read('big')).buffer), Buffer.from(data.buffer))).toBe(0);
  memory.dispose();
});

it('transfers NaN, infinities and negative zero', async () => {
  const values = Float32Array.of(NaN, Infinity, -Infinity, -0, 1e-45);
  expect(
    await withTotal(async (_, memory) => memory.write('total', values).then(() => memory.read('total'))),
  ).toEqual(values);
});

it('knows which tensors a memory has, also those of a prepared program', async () => {
  await withTotal(async (_, memory) => {
    expect([memory.has('total'), memory.has('x'), memory.has('late')]).toEqual([true, false, false]);
    await memory.ensure({ name: 'late', shape: [3], dtype: 'i32', kind: 'memory' });
    expect(memory.has('late')).toBe(true);
    expect(await memory.read('late')).toEqual(new Int32Array(3));
  });
});

it('raises the errors of the GPU code as the same classes with the same messages', async () => {
  const errorsOf = (on: Pick<ChromeDevice, 'createMemory' | 'prepare'>): Promise<unknown[]> =>
    withTotal(async (program, memory) => {
      const attempts: (() => unknown)[] = [
        () => program.submit([{ x: new Float32Array(4) }]),
        () => program.submit([{}]),
        () => program.submit(Array.from({ length: 4 }, () => ({ x: new Float32Array(5) }))),
        () => program.read('nothing'),
        () => memory.write('total', new Float32Array(6)),
        () => memory.ensure({ name: 'total', shape: [6], dtype: 'f32', kind: 'memory' }),
        () => memory.ensure({ name: 'huge', shape: [2 ** 40], dtype: 'f32', kind: 'memory' }),
      ];
      const errors: unknown[] = [];
      for (const attempt of attempts) {
        try {
          errors.push(await attempt());
        } catch (error) {
          errors.push(error);
        }
      }
      return errors;
    }, on);
  const errors = await errorsOf(device);
  expect(errors[0]).toBeInstanceOf(ShapeError);
  // The limit of one tensor may differ between the two adapters.
  const plain = (error: unknown): unknown =>
    error instanceof Error
      ? [error.constructor, error.message.replace(/allows .* for/, 'allows … for'), Object.entries(error)]
      : error;
  expect(errors.map(plain)).toEqual((await errorsOf(await webgpuDevice())).map(plain));
});

it('refuses a graph with an op that it does not know', async () => {
  const builder = new GraphBuilder();
  builder.add({ op: 'frobnicate', phase: 'forward', dims: {}, attributes: {}, tensors: {}, accumulate: [] });
  const prepared = device.prepare(builder.graph, await device.createMemory());
  await expect(prepared).rejects.toThrow(new ShapeError('There is no plan for "frobnicate" forward.'));
});

it('refuses data that is not tensor data, and unknown options', async () => {
  const wrong = new Float64Array(5) as unknown as Float32Array;
  await expect(withTotal((program) => program.submit([{ x: wrong }]))).rejects.toThrow(
    'Tensor data must be a Float32Array, Uint32Array or Int32Array, but a Float64Array came.',
  );
  await expect(openChromeDevice({ sofware: true } as object)).rejects.toBeInstanceOf(OptionError);
});

it('counts the resources of the page, and returns to the initial counts', async () => {
  await device.createMemory();
  const before = device.counts;
  await withTotal(async (program) => {
    await program.submit([{ x: new Float32Array(5) }]);
    expect(device.counts.buffers).toBeGreaterThan(before.buffers);
    expect(device.counts.bindGroups).toBeGreaterThan(before.bindGroups);
  });
  await device.createMemory();
  expect({ ...device.counts, pipelines: before.pipelines }).toEqual(before);
});

it('times kernels where the page can', async () => {
  const times = await withTotal((program) => program.time({ x: new Float32Array(5) }, 2));
  if (device.info.features.includes('timestamp-query'))
    expect(times?.map(({ kernel }) => kernel).sort()).toEqual(['add/forward', 'add_into/forward']);
  else expect(times).toBeUndefined();
});
