import { expect, it, vi } from 'vitest';
import { openDevice } from '../../src/index.js';
import { GraphBuilder, ops } from '../../src/graph.js';

it('submits, writes and reads of the CPU run in the order of the calls, with copies of their data', async () => {
  const device = await openDevice({ backend: 'cpu' });
  const memory = await device.createMemory();
  const builder = new GraphBuilder();
  const x = builder.tensor('feed', 'x', [2]);
  const sum = builder.tensor('memory', 'sum', [2]);
  builder.apply(ops.add_into, 'step', { x, sum });
  const program = await device.prepare(builder.graph, memory);
  const data = Float32Array.of(1, 2);
  const first = program.submit([{ x: data }, { x: data }]);
  data.fill(100);
  const between = memory.read('sum');
  const write = memory.write('sum', Float32Array.of(10, 10));
  const second = program.submit([{ x: data }]);
  await Promise.all([first, write, second]);
  expect(await between).toEqual(Float32Array.of(2, 4));
  expect(await memory.read('sum')).toEqual(Float32Array.of(110, 110));
});

it('a long submit on the CPU yields to the event loop', async () => {
  const device = await openDevice({ backend: 'cpu' });
  const builder = new GraphBuilder();
  const x = builder.tensor('feed', 'x', [1]);
  builder.apply(ops.tanh, 'step', { x });
  const program = await device.prepare(builder.graph, await device.createMemory());
  // With this clock every step takes long on any machine.
  let now = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 100));
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  await program.submit(Array.from({ length: 20 }, () => ({ x: Float32Array.of(1) })));
  clearInterval(timer);
  vi.restoreAllMocks();
  expect(turns).toBeGreaterThan(0);
});
