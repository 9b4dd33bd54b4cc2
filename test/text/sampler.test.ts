import { expect, it } from 'vitest';
import {
  charModel,
  Corpus,
  loadCheckpoint,
  openDevice,
  readCheckpoint,
  saveCheckpoint,
  sgd,
  Sampler,
  Trainer,
} from '../../src/index.js';
import type { CharModel } from '../../src/graph.js';
import { webgpuDevice } from '../support/devices.js';

const corpus = Corpus.fromText('the quick brown fox jumps over the lazy dog. '.repeat(20));

async function make(): Promise<Trainer<CharModel>> {
  const model = charModel({ vocabulary: corpus.vocabulary, hidden: 12 });
  return Trainer.create(model, {
    device: await webgpuDevice(),
    batch: 2,
    time: 8,
    optimizer: sgd({ rate: 0.1 }),
    seed: 3,
  });
}

it('each sample of a run goes on with fresh random numbers; one with a seed of its own is always the same', async () => {
  const trainer = await make();
  const seeded = await trainer.sample({ length: 30, seed: 9 });
  const first = await trainer.sample({ length: 30 });
  expect(await trainer.sample({ length: 30 })).not.toBe(first);
  expect(await trainer.sample({ length: 30, seed: 9 })).toBe(seeded);
  expect(trainer.progress.sampled).toBe(60);
  trainer.dispose();
});

it('wrong options of a sample leave the random numbers where they were', async () => {
  const trainer = await make();
  for (const length of [NaN, -5, 2.5])
    await expect(trainer.sample({ length })).rejects.toThrow('length: expected a whole number of at least 1');
  await expect(trainer.sample({ temperature: -1 })).rejects.toThrow('temperature');
  expect(trainer.progress.sampled).toBe(0);
  expect(readCheckpoint(await saveCheckpoint(trainer)).progress.sampled).toBe(0);
  trainer.dispose();
});

it('samples that are asked for at the same time are drawn one after another', async () => {
  const [trainer, other] = [await make(), await make()];
  const device = await webgpuDevice();
  const expected = [
    await other.sample({ prime: 'the ', length: 300 }),
    await other.sample({ prime: 'fox', length: 300 }),
  ];
  const { buffers } = device.counts;
  expect(
    await Promise.all([
      trainer.sample({ prime: 'the ', length: 300 }),
      trainer.sample({ prime: 'fox', length: 300 }),
    ]),
  ).toEqual(expected);
  other.dispose();
  trainer.dispose();
  expect(device.counts.buffers).toBeLessThan(buffers);
});

it('a sampler refuses a second sample while one is under way', async () => {
  const trainer = await make();
  const sampler = await Sampler.create(trainer.model, trainer.device, trainer.memory);
  const first = sampler.stream({ length: 200 });
  await first.next();
  await expect(sampler.sample({ length: 5 })).rejects.toThrow(
    'This sampler is drawing already: wait for it, or leave the loop over stream().',
  );
  await first.return();
  expect([...(await sampler.sample({ length: 5 }))].length).toBe(5);
  sampler.dispose();
  trainer.dispose();
});

it('evaluations with other numbers of rows, and at the same time, do not disturb each other', async () => {
  const trainer = await make();
  const alone = [
    await trainer.evaluate(corpus),
    await trainer.evaluate(corpus, { batch: 3 }),
    await trainer.evaluate(corpus),
  ];
  expect(alone[1].count).toBe(alone[0].count);
  expect(alone[1].loss).not.toBe(alone[0].loss);
  expect(alone[2]).toEqual(alone[0]);
  expect(
    await Promise.all([
      trainer.evaluate(corpus),
      trainer.evaluate(corpus),
      trainer.evaluate(corpus, { batch: 3 }),
    ]),
  ).toEqual([alone[0], alone[0], alone[1]]);
  trainer.dispose();
});

it('a text of which the model knows nothing cannot be evaluated', async () => {
  const trainer = await make();
  const strange = Corpus.fromText(`t${'猫犬'.repeat(10)}`, { vocabulary: corpus.vocabulary });
  await expect(trainer.evaluate(strange)).rejects.toThrow(
    /none of its 20 predictions is in the model's vocabulary/,
  );
  trainer.dispose();
});

it('a reset that is asked for before a checkpoint is done after it', async () => {
  const device = await openDevice({ backend: 'cpu' });
  const losses = async (resume: boolean): Promise<number> => {
    const model = charModel({ vocabulary: corpus.vocabulary, hidden: 12 });
    let trainer = await Trainer.create(model, { device, batch: 2, time: 8, optimizer: sgd({ rate: 0.1 }) });
    for await (const report of trainer.run(corpus, { steps: 5 })) expect(report.skipped).toBe(false);
    trainer.resetState();
    if (resume) trainer = await loadCheckpoint(await saveCheckpoint(trainer), { device });
    for await (const { loss } of trainer.run(corpus, { steps: 1 })) return loss;
    throw new Error('no step');
  };
  expect(await losses(true)).toBe(await losses(false));
});
