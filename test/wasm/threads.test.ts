import { spawnSync } from 'node:child_process';
import { afterEach, expect, it } from 'vitest';
import { DeviceLostError } from '../../src/core/errors.js';
import { GraphBuilder, type Graph } from '../../src/plan/graph.js';
import type { NativePlanner } from '../../src/plan/planner.js';
import { allOps, changedOp } from '../support/ops.js';
import { WasmDevice, type WasmDeviceOptions } from '../../src/wasm/device.js';

/** Threads share every call, even the smallest. */
const sharing = { call: 0, step: 0 };

let device: WasmDevice | undefined;
afterEach(() => device?.dispose());

/** The op `tanh` with another native planner. */
async function open(forward: NativePlanner, options: WasmDeviceOptions = {}): Promise<WasmDevice> {
  const ops = { ...allOps, tanh: changedOp(allOps.tanh, { native: { forward } }) };
  device = await WasmDevice.open(ops, { relaxed: false, threads: 3, sharing, ...options });
  return device;
}

const E = 4096;

function graph(): Graph {
  const builder = new GraphBuilder();
  builder.apply(allOps.tanh, 'tanh', {
    x: builder.tensor('input', 'x', [E]),
    y: builder.tensor('output', 'y', [E]),
  });
  return builder.graph;
}

/** Zeros that begin beyond every memory: the kernel traps, in the threads that have a part. */
const trapping =
  (split: { readonly count: number; readonly quantum: number }): NativePlanner =>
  () => [{ kernel: 'zero', arguments: [0xfffff000], split, work: 1 }];

it.each([
  ['in every thread', { count: E, quantum: 64 }],
  // With one part, the first two of three threads get none.
  ['in the last thread', { count: 2 * E, quantum: 2 * E - 1 }],
])('a kernel that traps %s is a DeviceError, and the device goes on', async (_, split) => {
  let traps = true;
  const opened = await open((request) =>
    traps ? trapping(split)(request) : (allOps.tanh.native?.forward?.(request) ?? undefined),
  );
  const memory = await opened.createMemory();
  const program = await opened.prepare(graph(), memory);
  await expect(program.submit([{}])).rejects.toThrow(/out of bounds/);
  await expect(program.submit([{}])).rejects.toThrow(/out of bounds/);
  traps = false;
  const sound = await opened.prepare(graph(), memory);
  await sound.write('x', new Float32Array(E).fill(1));
  await sound.submit([{}]);
  expect((await sound.read('y'))[E - 1]).toBeCloseTo(Math.tanh(1), 6);
});

it.each([
  ['one call that is not split', { count: 1, quantum: 1 }, false],
  ['one call in two parts', { count: 2, quantum: 1 }, true],
])('a program of %s: are other threads called? They come only where all meet', async (_, split, shared) => {
  const opened = await open(() => [{ kernel: 'zero', arguments: ['y'], split, work: 1 }]);
  const program = await opened.prepareProgram(graph(), await opened.createMemory());
  expect(program.shared).toBe(shared);
});

it('a thread that does not answer breaks the device with an error, and nothing hangs', async () => {
  const opened = await open(
    () => [
      {
        kernel: 'multiply_adds',
        arguments: ['x', 'y', 2_000_000_000, 0.75, 0.125],
        // The first thread has no part: it waits for the others.
        split: { count: E, quantum: E - 1 },
        work: 1,
      },
    ],
    { patience: 200 },
  );
  const program = await opened.prepare(graph(), await opened.createMemory());
  await expect(program.submit([{}])).rejects.toThrow(/lost a thread: a thread did not answer/);
  await expect(program.submit([{}])).rejects.toThrow(DeviceLostError);
  expect((await opened.lost).message).toContain('Open the device again');
});

it('a device that is disposed of while its threads start says so, and does not count as lost', async () => {
  const opened = await open((request) => {
    // Threads start when all calls are planned.
    queueMicrotask(() => opened.dispose());
    return allOps.tanh.native?.forward?.(request);
  });
  const memory = await opened.createMemory();
  await expect(opened.prepare(graph(), memory)).rejects.toThrow(/^The device has been disposed of/);
  expect(await Promise.race([opened.lost, Promise.resolve('not lost')])).toBe('not lost');
});

it('threads end with the device, so the process ends by itself', () => {
  const script = `
    const { openDevice, charModel, Corpus, Trainer, adam } = await import('./dist/index.js');
    const corpus = Corpus.fromText('to be or not to be that is the question '.repeat(200));
    const device = await openDevice({ backend: 'cpu', threads: 3 });
    const model = charModel({ vocabulary: corpus.vocabulary, cell: 'lstm', hidden: 64 });
    const trainer = await Trainer.create(model, { device, batch: 16, time: 16, optimizer: adam({ rate: 0.01 }) });
    for await (const { loss } of trainer.run(corpus, { steps: 3 })) console.log(loss > 0);
    if (process.argv[1] === 'dispose') device.dispose();`;
  for (const end of ['dispose', 'leave']) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '-e', script, end],
      { encoding: 'utf8', timeout: 60_000 },
    );
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'true\n'.repeat(3), stderr: '' });
  }
});
