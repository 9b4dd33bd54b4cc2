import { afterEach, describe, expect, it } from 'vitest';
import {
  DeviceError,
  DeviceLostError,
  openDevice,
  OutOfMemoryError,
  UnrolledError,
} from '../../src/index.js';
import { ValidationError, GraphBuilder, type Graph } from '../../src/graph.js';
import { compileLoaded } from '../../src/plan/compile.js';
import type { GpuDevice } from '../../src/device/gpu-device.js';
import { GpuExecutor } from '../../src/gpu/executor.js';
import { FaultRecord } from '../../src/gpu/faults.js';
import { allOps } from '../support/ops.js';

const opened: GpuDevice[] = [];
afterEach(() => {
  for (const device of opened.splice(0)) device.dispose();
});

/** A new device for each test, since most tests break it. */
async function ownDevice(): Promise<GpuDevice> {
  const device = (await openDevice({ backend: 'webgpu' })) as GpuDevice;
  opened.push(device);
  return device;
}

/** sum += x, step after step; with a report of sum only where asked for. */
function accumulation({ reported = true, elements = 4 } = {}): Graph {
  const builder = new GraphBuilder();
  const x = builder.tensor('feed', 'x', [elements]);
  const sum = builder.tensor('memory', 'sum', [elements]);
  builder.apply(allOps.add_into, 'step', { x, sum });
  if (reported)
    builder.apply(allOps.tanh, 'report', { x: sum, y: builder.tensor('report', 'y', [elements]) });
  return builder.graph;
}

const feed = { x: Float32Array.of(1, 2, 3, 4) };
const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A command that WebGPU refuses: a buffer for mapping cannot be bound. */
const invalid = (device: GPUDevice): GPUBuffer =>
  device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });

describe('a lost device', () => {
  it.each([true, false])(
    'ends what is under way, and every later call, with a DeviceLostError (reports: %s)',
    async (reported) => {
      const device = await ownDevice();
      const memory = await device.createMemory();
      const program = await device.prepare(accumulation({ reported }), memory);
      await program.submit([feed]);
      const running = [program.submit([feed, feed]), program.submit([feed])];
      device.native.destroy();
      for (const result of await Promise.allSettled(running))
        expect(result).toMatchObject({ status: 'rejected', reason: expect.any(DeviceLostError) as unknown });
      expect(await device.lost).toBeInstanceOf(DeviceLostError);
      await expect(program.submit([feed])).rejects.toThrow(
        /^The GPU was lost.*load the last checkpoint \(while running 1 step\)$/,
      );
      await expect(memory.read('sum')).rejects.toThrow(DeviceLostError);
      await expect(program.time(feed, 1)).rejects.toThrow(DeviceLostError);
      await expect(device.prepare(accumulation(), memory)).rejects.toThrow(DeviceLostError);
    },
  );

  it('while a plan is prepared or memory is read, too', async () => {
    const device = await ownDevice();
    const memory = await device.createMemory();
    await device.prepare(accumulation(), memory);
    const preparing = device.prepare(accumulation({ elements: 4, reported: false }), memory);
    const reading = memory.read('sum');
    device.native.destroy();
    await Promise.all([
      expect(preparing).rejects.toThrow(DeviceLostError),
      expect(reading).rejects.toThrow(DeviceLostError),
    ]);
  });
});

describe('disposal in mid-run', () => {
  it('of the device: submits reject with DeviceLostError', async () => {
    const device = await ownDevice();
    const program = await device.prepare(accumulation(), await device.createMemory());
    const running = program.submit([feed]);
    device.dispose();
    await expect(running).rejects.toThrow(/^The device has been disposed of/);
    await expect(program.submit([feed])).rejects.toThrow(DeviceLostError);
  });

  it.each([true, false])(
    'of a program: its submits reject, the device stays whole (reports: %s)',
    async (reported) => {
      const device = await ownDevice();
      const memory = await device.createMemory();
      const program = await device.prepare(accumulation({ reported }), memory);
      const running = program.submit([feed]);
      program.dispose();
      if (reported)
        await expect(running).rejects.toThrow(
          'This program has been disposed of before its reports were read.',
        );
      else await running;
      await expect(program.submit([feed])).rejects.toThrow(
        'This program has been disposed of: prepare it again.',
      );
      const again = await device.prepare(accumulation(), memory);
      expect((await again.submit([feed]))[0].y[0]).toBeCloseTo(Math.tanh(2), 6);
    },
  );
});

it('a tensor beyond the limit is refused with its size and the limit, and nothing stays allocated', async () => {
  const device = await ownDevice();
  const memory = await device.createMemory();
  const { buffers } = device.counts;
  const elements = device.info.maxTensorBytes / 4 + 64;
  await expect(device.prepare(accumulation({ elements }), memory)).rejects.toThrow(
    /^Tensor "sum" needs .*, but this device allows .* for one tensor\. Choose fewer hidden units \(H\), a smaller batch/,
  );
  await expect(device.prepare(accumulation({ elements }), memory)).rejects.toThrow(OutOfMemoryError);
  expect(device.counts.buffers).toBe(buffers);
  const program = await device.prepare(accumulation(), memory);
  await program.submit([feed]);
});

describe('errors of WebGPU', () => {
  it('inside a guard: a ValidationError that names the operation, and the device stays usable', async () => {
    const { native } = await ownDevice();
    const faults = new FaultRecord(native);
    await expect(faults.guard('testing', () => invalid(native))).rejects.toThrow(
      /^WebGPU refused a command: .* \(while testing\)$/,
    );
    expect(await faults.guard('testing', () => 7)).toBe(7);
    faults.check();
  });

  it('reach the call that caused them, even with other work under way', async () => {
    const { native } = await ownDevice();
    const faults = new FaultRecord(native);
    const [first, second, third] = await Promise.allSettled([
      faults.guard('the first', () => later(20)),
      faults.guard('the second', () => {
        invalid(native);
        return later(60);
      }),
      faults.guard('the third', () => later(0)),
    ]);
    expect(second).toMatchObject({ status: 'rejected', reason: { doing: 'the second' } });
    expect([first.status, third.status]).toEqual(['fulfilled', 'fulfilled']);
  });

  it('outside of a guard: the next call throws them, and so do all later calls', async () => {
    const device = await ownDevice();
    const memory = await device.createMemory();
    const program = await device.prepare(accumulation(), memory);
    await program.submit([feed]);
    const reported = new Promise((resolve) => {
      device.native.addEventListener('uncapturederror', resolve, { once: true });
    });
    invalid(device.native);
    await reported; // the device's own listener came first
    await expect(program.submit([feed])).rejects.toThrow(ValidationError);
    await expect(memory.read('sum')).rejects.toThrow(
      /^WebGPU reported an error: .* \(while running 1 step\)$/,
    );
  });

  it('in a kernel: the message has the line', async () => {
    const device = await ownDevice();
    const executor = new GpuExecutor(device.native);
    const plan = compileLoaded(
      accumulation(),
      { ...allOps, add_into: { ...allOps.add_into, plan: { forward: brokenPlan } } },
      { parallelism: 64 },
    );
    await expect(executor.load(plan, executor.createMemory(), 1)).rejects.toThrow(
      /^The kernel test\/broken does not compile: line \d+: .* — fn main\(\) \{ let a = ; \}.*\(while compiling the kernel test\/broken\)$/,
    );
  });

  it('keep their type when they pass through a wait', async () => {
    const { native } = await ownDevice();
    const faults = new FaultRecord(native);
    const own = new OutOfMemoryError('Too large', 'testing');
    expect(await faults.explain(own)).toBe(own);
    expect(await faults.explain(new Error('odd'))).toMatchObject({
      name: 'DeviceError',
      message: 'The GPU failed: odd (while idle)',
    });
    expect(await faults.explain('odd')).toBeInstanceOf(DeviceError);
  });
});

const brokenPlan: typeof allOps.add_into.plan.forward = (request) =>
  allOps.add_into.plan.forward(request).map((launch) => ({
    ...launch,
    kernel: {
      ...launch.kernel,
      name: 'test/broken',
      sources: ['@compute @workgroup_size(1)', 'fn main() { let a = ; }'],
    },
  }));

it('programs that are prepared at the same time share the tensors of their memory', async () => {
  const device = await ownDevice();
  const before = device.counts.buffers;
  const memory = await device.createMemory();
  const programs = await Promise.all([1, 2, 3].map(() => device.prepare(accumulation(), memory)));
  for (const program of programs) await program.submit([feed]);
  expect([...(await memory.read('sum'))]).toEqual([3, 6, 9, 12]);
  for (const program of programs) program.dispose();
  memory.dispose();
  expect(device.counts.buffers).toBe(before);
});

it('kernels are timed one by one where the device has timestamps', async () => {
  const device = await ownDevice();
  const program = await device.prepare(accumulation(), await device.createMemory());
  const { buffers } = device.counts;
  await program.submit([feed]);
  const held = device.counts.buffers;
  const times = await program.time(feed, 3);
  expect(device.info.features.includes('timestamp-query')).toBe(times !== undefined);
  expect(
    times?.map(({ kernel, launches }) => `${kernel} ${launches}`).sort() ?? [
      'add_into/forward 1',
      'tanh/forward 1',
    ],
  ).toEqual(['add_into/forward 1', 'tanh/forward 1']);
  for (const { microseconds } of times ?? []) expect(microseconds).toBeGreaterThanOrEqual(0);
  expect([device.counts.buffers, held]).toEqual([held, buffers + 1]);
});

it('a failed call throws an UnrolledError that the command can print', async () => {
  const device = await ownDevice();
  const program = await device.prepare(accumulation(), await device.createMemory());
  await expect(program.submit([{}])).rejects.toThrow(UnrolledError);
  await expect(program.submit([{}])).rejects.toThrow('Step 0 of this submit has no data for the feed "x".');
});
