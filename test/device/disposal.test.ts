import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adam, charModel, Corpus, openDevice, Trainer, type Device } from '../../src/index.js';
import { GraphBuilder, type Graph } from '../../src/graph.js';
import { allOps } from '../support/ops.js';

const x = { name: 'x', shape: [64], dtype: 'f32', kind: 'memory' } as const;
const filled = (value: number): Float32Array<ArrayBuffer> => new Float32Array(64).fill(value);
const ignore = (): void => undefined;

const corpus = Corpus.fromText('the quick brown fox '.repeat(20));
const model = charModel({ vocabulary: corpus.vocabulary, hidden: 4 });

/** y = tanh(x) */
function graph(): Graph {
  const builder = new GraphBuilder();
  builder.apply(allOps.tanh, 'tanh', {
    x: builder.tensor('memory', 'x', [64]),
    y: builder.tensor('report', 'y', [64]),
  });
  return builder.graph;
}

describe.each(['cpu', 'reference', 'webgpu'] as const)('what is disposed of on %s', (backend) => {
  let device: Device;
  beforeAll(async () => {
    device = await openDevice({ backend });
  });
  afterAll(() => device.dispose());

  it('a write to a memory that is disposed of before its turn changes no other memory', async () => {
    const [gone, next] = [await device.createMemory(), await device.createMemory()];
    await gone.ensure(x);
    const writing = gone.write('x', filled(7)).catch(ignore);
    const reading = gone.read('x').catch(ignore);
    gone.dispose();
    await next.ensure(x); // may get the place that was freed
    await Promise.all([writing, reading]);
    expect(await next.read('x')).toEqual(filled(0));
    next.dispose();
  });

  it('a memory that was disposed of takes no new tensor, and its program no step; the device goes on', async () => {
    const { buffers } = device.counts;
    const memory = await device.createMemory();
    const program = await device.prepare(graph(), memory);
    memory.dispose();
    await expect(memory.ensure({ ...x, name: 'z' })).rejects.toThrow(
      'The memory of "z" has been disposed of',
    );
    await expect((async () => memory.read('x'))()).rejects.toThrow('The memory of "x" has been disposed of');
    await expect((async () => program.submit([{}]))()).rejects.toThrow('disposed of');
    program.dispose();
    expect(device.counts.buffers).toBe(buffers);
    const again = await device.createMemory();
    await again.ensure(x);
    await again.write('x', filled(1));
    expect(await again.read('x')).toEqual(filled(1));
    again.dispose();
  });

  it('a trainer that is disposed of while it prepares a program leaves nothing', async () => {
    const options = { device, batch: 2, time: 4, optimizer: adam() };
    const uses: readonly ((trainer: Trainer<typeof model>) => Promise<unknown>)[] = [
      (trainer) => trainer.run(corpus, { steps: 2 }).next(),
      (trainer) => trainer.sample({ length: 4 }),
      (trainer) => trainer.evaluate(corpus),
      (trainer) => trainer.gradientFlow(corpus),
    ];
    const { buffers } = device.counts;
    for (const use of uses) {
      const trainer = await Trainer.create(model, options);
      const used = use(trainer);
      await Promise.resolve(); // it has begun
      trainer.dispose();
      await expect(used).rejects.toThrow('disposed of');
      expect(device.counts.buffers).toBe(buffers);
    }
  });
});

it.each([
  ['writing', (trainer: Trainer<typeof model>) => trainer.sample({ length: 4 })],
  ['evaluating', (trainer: Trainer<typeof model>) => trainer.evaluate(corpus)],
])('a program that is ready after its trainer was disposed of goes too: %s', async (_, use) => {
  const device = await openDevice({ backend: 'cpu', threads: 1 });
  const trainer = await Trainer.create(model, { device, batch: 2, time: 4, optimizer: adam() });
  const prepare = device.prepare.bind(device);
  device.prepare = async (...given) => {
    const program = await prepare(...given);
    trainer.dispose();
    return program;
  };
  await expect(use(trainer)).rejects.toThrow('was disposed of while a program was prepared for it');
  expect(device.counts.buffers).toBe(0);
  device.dispose();
});
