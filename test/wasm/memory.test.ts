import { expect, it } from 'vitest';
import { OutOfMemoryError } from '../../src/core/errors.js';
import { ops } from '../../src/ops/index.js';
import { GraphBuilder } from '../../src/plan/graph.js';
import { Allocator } from '../../src/wasm/allocator.js';
import { WasmDevice } from '../../src/wasm/device.js';

const open = (threads = 1): Promise<WasmDevice> =>
  WasmDevice.open(ops, { threads, relaxed: false, sharing: { call: 0, step: 0 } });

it('freed ranges are joined and used again, the smallest that fits first', () => {
  let reached = 0;
  const allocator = new Allocator(1024, (end) => (reached = Math.max(reached, end)));
  const [a, b, c, d] = [300, 100, 1000, 1].map((bytes) => allocator.allocate(bytes));
  expect([a, b, c, d]).toEqual([1024, 1536, 1792, 2816]);
  expect({ count: allocator.count, bytes: allocator.bytes, reached }).toEqual({
    count: 4,
    bytes: 2048,
    reached: 3072,
  });
  allocator.free(a);
  allocator.free(c);
  expect(allocator.allocate(500)).toBe(a); // fits both gaps
  allocator.free(a);
  allocator.free(b);
  expect(allocator.allocate(1700)).toBe(a); // three neighbours are one gap
  allocator.free(d);
  expect(allocator.allocate(600)).toBe(d); // the gap at the end is the beginning of it
  expect(reached).toBe(2816 + 768);
});

it.each([1, 3])(
  'the memory grows under programs of %i threads, and their tensors keep their content',
  async (threads) => {
    const device = await open(threads);
    const builder = new GraphBuilder();
    const x = builder.tensor('memory', 'x', [1000]);
    builder.apply(ops.tanh, 'tanh', { x, y: builder.tensor('output', 'y', [1000]) });
    const memory = await device.createMemory();
    const program = await device.prepare(builder.graph, memory);
    await program.submit([{}]);
    await memory.write('x', new Float32Array(1000).fill(0.5));
    for (let i = 0; i < 4; i++)
      await memory.ensure({ name: `large ${i}`, shape: [3_000_000], dtype: 'f32', kind: 'memory' });
    await program.submit([{}]);
    expect(await memory.read('x')).toEqual(new Float32Array(1000).fill(0.5));
    expect((await program.read('y'))[999]).toBeCloseTo(Math.tanh(0.5), 6);
    device.dispose();
    expect(device.counts).toMatchObject({ buffers: 0, bytes: 0 });
  },
);

it('an allocation beyond 4 GiB throws OutOfMemoryError with its size, and the device stays usable', async () => {
  const device = await open();
  const memory = await device.createMemory();
  const huge = { name: 'huge', shape: [5, 300_000_000], dtype: 'f32', kind: 'memory' } as const;
  await expect(memory.ensure(huge)).rejects.toThrow(OutOfMemoryError);
  await expect(memory.ensure(huge)).rejects.toThrow(/"huge" \[5,300000000\] needs 5\.6 GiB .*Choose fewer/);
  const builder = new GraphBuilder();
  builder.apply(ops.tanh, 'tanh', { x: builder.tensor('input', 'x', [1_500_000_000]) });
  await expect(device.prepare(builder.graph, memory)).rejects.toThrow(OutOfMemoryError);
  expect(device.counts.buffers).toBe(0);
  await memory.ensure({ ...huge, shape: [10] });
  expect(device.counts.buffers).toBe(1);
  device.dispose();
});

it('a step rejects after its memory or program is disposed of', async () => {
  const device = await open();
  const builder = new GraphBuilder();
  builder.apply(ops.tanh, 'tanh', {
    x: builder.tensor('memory', 'x', [64]),
    y: builder.tensor('output', 'y', [64]),
  });
  const [kept, gone] = [await device.createMemory(), await device.createMemory()];
  const programs = [await device.prepare(builder.graph, kept), await device.prepare(builder.graph, gone)];
  programs[0].dispose();
  gone.dispose();
  for (const program of programs) await expect(program.submit([{}])).rejects.toThrow('disposed of');
  device.dispose();
});
