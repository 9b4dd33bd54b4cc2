import { expect, it } from 'vitest';
import {
  adam,
  charModel,
  Corpus,
  openDevice,
  readCheckpoint,
  saveCheckpoint,
  Trainer,
} from '../../src/index.js';

const corpus = Corpus.fromText('to be or not to be that is the question '.repeat(40));

it('a thousand trainers free all their memory', async () => {
  const device = await openDevice({ backend: 'cpu', threads: 1 });
  const model = charModel({ vocabulary: corpus.vocabulary, cell: 'lstm', hidden: 8 });
  let after: object | undefined;
  for (let i = 0; i < 1000; i++) {
    const trainer = await Trainer.create(model, {
      device,
      batch: 2,
      time: 4,
      optimizer: adam({ rate: 0.01 }),
    });
    for await (const { loss } of trainer.run(corpus, { steps: 1 })) expect(loss).toBeGreaterThan(0);
    after ??= device.counts;
    expect(device.counts).toEqual(after);
    trainer.dispose();
    expect(device.counts).toMatchObject({ buffers: 0, bytes: 0 });
  }
});

it('runs with one and with three threads have the same losses, bit for bit; a checkpoint names the arithmetic', async () => {
  const losses: number[][] = [];
  for (const threads of [1, 3]) {
    const device = await openDevice({ backend: 'cpu', threads, relaxed: false });
    // Enough work in a step for several threads.
    const model = charModel({
      vocabulary: corpus.vocabulary,
      cell: 'gru',
      hidden: 96,
      dropout: 0.2,
      layers: 2,
    });
    const trainer = await Trainer.create(model, {
      device,
      batch: 16,
      time: 12,
      optimizer: adam({ rate: 0.01 }),
    });
    const found: number[] = [];
    for await (const { loss } of trainer.run(corpus, { steps: 8 })) found.push(loss);
    losses.push(found);
    expect(readCheckpoint(await saveCheckpoint(trainer)).adapter).toBe('CPU, SIMD');
    device.dispose();
  }
  expect(losses[0][7]).toBeLessThan(losses[0][0]);
  expect(losses[1]).toEqual(losses[0]);
});
