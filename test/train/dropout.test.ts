import { describe, expect, it } from 'vitest';
import {
  adam,
  charModel,
  Corpus,
  loadCheckpoint,
  openDevice,
  saveCheckpoint,
  sgd,
  Trainer,
  type CharModelOptions,
  type Device,
  type TrainerOptions,
} from '../../src/index.js';
import { webgpuDevice } from '../support/devices.js';

const corpus = Corpus.fromText('the quick brown fox jumps over the lazy dog. '.repeat(30));

function make(
  device: Device,
  model: Partial<CharModelOptions>,
  options: Partial<TrainerOptions> = {},
): Promise<Trainer> {
  const built = charModel({ vocabulary: corpus.vocabulary, hidden: 16, layers: 2, ...model });
  return Trainer.create(built, {
    device,
    batch: 3,
    time: 7,
    optimizer: adam({ rate: 0.01 }),
    clip: { norm: 5 },
    seed: 9,
    ...options,
  });
}

async function losses(trainer: Trainer, steps: number): Promise<number[]> {
  const values: number[] = [];
  for await (const { loss } of trainer.run(corpus, { steps })) values.push(loss);
  return values;
}

const RATES = [
  ['between layers', { dropout: 0.5 }],
  ['of the recurrent state', { recurrentDropout: 0.25 }],
  ['both', { dropout: 0.3, recurrentDropout: 0.3 }],
] as const;

describe.each<[string, () => Promise<Device>]>([
  ['cpu', () => openDevice({ backend: 'cpu' })],
  ['webgpu', webgpuDevice],
])('dropout on %s', (_, open) => {
  it.each(RATES)('%s: a resumed run draws the same masks as an uninterrupted one', async (_name, rates) => {
    const device = await open();
    const whole = await make(device, rates);
    const expected = await losses(whole, 20);
    const half = await make(device, rates);
    await losses(half, 9);
    const resumed = await loadCheckpoint(await saveCheckpoint(half), { device });
    expect(await losses(resumed, 11)).toEqual(expected.slice(9));
    expect(await resumed.parameters()).toEqual(await whole.parameters());
    for (const trainer of [whole, half, resumed]) trainer.dispose();
  });

  it('masks depend on step and seed, and evaluation has none', async () => {
    const device = await open();
    const still = { optimizer: sgd({ rate: 0 }), carry: false, sampling: 'pointer', batch: 1 } as const;
    const short = Corpus.fromText('abcdefgh'); // one window per epoch: every step has the same
    const run = async (
      model: Partial<CharModelOptions>,
      seed: number,
    ): Promise<{ values: number[]; evaluation: number }> => {
      const built = charModel({ vocabulary: short.vocabulary, hidden: 16, layers: 2, ...model });
      const trainer = await Trainer.create(built, { device, time: 7, seed, ...still });
      const plain = await Trainer.create(charModel({ vocabulary: short.vocabulary, hidden: 16, layers: 2 }), {
        device,
        time: 7,
        seed: 1,
        ...still,
      });
      await trainer.loadParameters(await plain.parameters());
      const values: number[] = [];
      for await (const { loss } of trainer.run(short, { steps: 4 })) values.push(loss);
      const { loss: evaluation } = await trainer.evaluate(short);
      for (const each of [trainer, plain]) each.dispose();
      return { values, evaluation };
    };
    const [none, dropped, other] = [
      await run({}, 1),
      await run({ dropout: 0.5 }, 1),
      await run({ dropout: 0.5 }, 2),
    ];
    expect(new Set(none.values).size).toBe(1);
    expect(new Set(dropped.values).size).toBe(4);
    expect(other.values).not.toEqual(dropped.values);
    expect(dropped.evaluation).toBe(none.evaluation);
  });
});

it('cpu and webgpu draw the same masks', async () => {
  const results: number[][] = [];
  for (const device of [await openDevice({ backend: 'cpu' }), await webgpuDevice()]) {
    const trainer = await make(device, { dropout: 0.4, recurrentDropout: 0.2 });
    results.push(await losses(trainer, 25));
    trainer.dispose();
  }
  for (const [i, loss] of results[0].entries())
    expect(Math.abs(results[1][i] - loss) / loss).toBeLessThan(1e-3);
});
