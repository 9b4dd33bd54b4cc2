import { describe, expect, it } from 'vitest';
import {
  adam,
  characters,
  classes,
  dataset,
  defineModel,
  features,
  labels,
  losses,
  nn,
  numbers,
  openDevice,
  records,
  saveCheckpoint,
  readCheckpoint,
  resumeTrainer,
  sourceTokens,
  targetTokens,
  tokens,
  Trainer,
  type Batch,
  type Device,
  type Fields,
  type Source,
  type StateDict,
} from '../../src/index.js';
import type { Model } from '../../src/graph.js';
import { Random, STREAM } from '../../src/core/random.js';

const abc = characters(['abc']);
const V = abc.size;
const names = labels(['no', 'yes']);

const rows = (() => {
  const random = new Random(3, STREAM.test);
  return Array.from({ length: 22 }, (_, id) => {
    const text = Array.from({ length: 1 + random.below(7) }, () => 'abc'[random.below(3)]).join('');
    const x = Array.from(text, () => [random.normal(), random.normal()]);
    const y = x.map(([a, b]) => [a * b]);
    return { text, x, y, back: [...text].reverse().join(''), label: names.names[id % 2] };
  });
})();

const IDS = { dtype: 'u32', shape: ['T', 'N'] } as const;
const SOURCE = { dtype: 'u32', shape: ['S', 'N'] } as const;
const ROW = { dtype: 'u32', shape: ['N'] } as const;

const classifier = () =>
  defineModel({
    kind: 'own-classifier',
    fields: { ids: IDS, lengths: ROW, labels: ROW },
    modules: {
      embed: nn.embedding(V, 4),
      rnn: nn.lstm({ input: 4, hidden: 5, bidirectional: true }),
      head: nn.linear(20, 2),
    },
    forward: ({ embed, rnn, head }, { ids, lengths }) => {
      const { y, last } = rnn(embed(ids), { lengths });
      return { logits: head(last.concat(y.mean(0, { lengths }))) };
    },
    loss: ({ logits }, { labels: wanted }) => losses.crossEntropy(logits, wanted),
  });

const regressor = () =>
  defineModel({
    kind: 'own-regressor',
    fields: {
      x: { dtype: 'f32', shape: ['T', 'N', 2] },
      lengths: ROW,
      y: { dtype: 'f32', shape: ['T', 'N', 1] },
    },
    modules: { rnn: nn.gru({ input: 2, hidden: 5, bidirectional: true }), head: nn.linear(10, 1) },
    forward: ({ rnn, head }, { x, lengths }) => ({ prediction: head(rnn(x, { lengths }).y) }),
    loss: ({ prediction }, { y, lengths }) => losses.mse(prediction, y, { lengths }),
  });

const translator = () =>
  defineModel({
    kind: 'own-translator',
    fields: { source: SOURCE, sourceLengths: ROW, previous: IDS, targets: IDS },
    modules: {
      embed: nn.embedding(V, 4),
      encoder: nn.gru({ input: 4, hidden: 5 }),
      decoder: nn.gru({ input: 4, hidden: 5 }),
      attend: nn.attention('general', { query: 5, key: 5 }),
      head: nn.linear(10, V),
    },
    forward: ({ embed, encoder, decoder, attend, head }, { source, sourceLengths: lengths, previous }) => {
      const { y: memory, last } = encoder(embed(source), { lengths });
      const { y } = decoder(embed(previous), { initial: { h_l0: last } });
      return { logits: head(attend(y, memory, { lengths }).context.concat(y)) };
    },
    loss: ({ logits }, { targets }) => losses.crossEntropy(logits, targets),
  });

const all = records.of(rows);
const options = { batch: 5, buckets: [4, 9] } as const;
const classified = dataset(all, [tokens('text', abc), classes('label', names)], options);
const regressed = dataset(all, [features('x', { size: 2 }), numbers('y', { every: true })], options);
const translated = dataset(all, [sourceTokens('text', abc), targetTokens('back', abc)], options);

/** The batch with other values in every padded place. Targets of V or more are padded places too. */
function spoiled<F extends Fields>(fields: F, batch: Batch<F>, random: Random): Batch<F> {
  const { N } = batch.sizes;
  const { rows: real = N } = batch;
  const given: Readonly<Record<string, Float32Array | Uint32Array>> = batch.arrays;
  const garbage: Record<string, () => number> = {
    ...{ ids: () => random.below(V), source: () => random.below(V), previous: () => random.below(V) },
    ...{ lengths: () => 2, sourceLengths: () => 2 },
    ...{ labels: () => 2 + random.below(9), targets: () => V + random.below(9) },
  };
  const arrays = Object.entries(given).map(([name, array]) => {
    const [lead] = fields[name].shape;
    const width = array.length / N / (lead === 'N' ? 1 : batch.sizes[lead]);
    const isPadding = (t: number, n: number): boolean => {
      if (n >= real || lead === 'N') return n >= real;
      if (name === 'previous' || name === 'targets') return given.previous[t * N + n] === V;
      return t >= given[name === 'source' ? 'sourceLengths' : 'lengths'][n];
    };
    const values = array.map((value, i) => {
      const [t, n] = [Math.floor(i / width / N), Math.floor(i / width) % N];
      if (!isPadding(t, n)) return value;
      return garbage[name]?.() ?? (name === 'y' ? NaN : 1e6 * random.normal());
    });
    return [name, values] as const;
  });
  return { ...batch, arrays: Object.fromEntries(arrays) as Batch<F>['arrays'] };
}

/** The source with garbage in all its batches. */
function withGarbage<F extends Fields>(source: Source<F>): Source<F> {
  const random = new Random(9, STREAM.test);
  return {
    fields: source.fields,
    fingerprint: source.fingerprint,
    loader: (wanted) => {
      const loader = source.loader(wanted);
      return {
        batchesPerEpoch: loader.batchesPerEpoch,
        next: () => spoiled(source.fields, loader.next() as Batch<F>, random),
        state: () => loader.state(),
        restore: (state) => loader.restore(state),
      };
    },
  };
}

async function train<F extends Fields>(
  model: Model<F>,
  source: Source<F>,
  device: Device,
): Promise<{ readonly losses: readonly number[]; readonly parameters: StateDict }> {
  const trainer = await Trainer.create(model, { device, optimizer: adam({ rate: 0.05 }), seed: 1 });
  const found: number[] = [];
  for await (const { loss } of trainer.run(source, { epochs: 1 })) found.push(loss);
  const parameters = await trainer.parameters();
  trainer.dispose();
  return { losses: found, parameters };
}

describe('padding reaches neither losses nor gradients', () => {
  const proof = async <F extends Fields>(make: () => Model<F>, source: Source<F>): Promise<void> => {
    // Kernels of the GPU are compared with these references by the tests of ops.
    const device = await openDevice({ backend: 'reference' });
    const clean = await train(make(), source, device);
    expect(clean.losses.every(Number.isFinite)).toBe(true);
    expect(await train(make(), withGarbage(source), device)).toEqual(clean);
  };

  it('of a classifier with rows that fill a batch', async () => {
    expect(classified.loader().batchesPerEpoch * 5).toBeGreaterThan(rows.length);
    await proof(classifier, classified);
  });
  it('of a regressor of every step, with NaN for targets after the ends', () => proof(regressor, regressed));
  it('of an encoder–decoder with attention', () => proof(translator, translated));
});

describe('a loss over padded batches', () => {
  it('is the mean over the records without padding', async () => {
    const device = await openDevice({ backend: 'reference' });
    const trainer = await Trainer.create(translator(), { device, optimizer: adam(), seed: 1 });
    const together = await trainer.evaluate(translated);
    let [sum, count] = [0, 0];
    for (const row of rows) {
      const columns = [sourceTokens('text', abc), targetTokens('back', abc)] as const;
      const alone = await trainer.evaluate(dataset(records.of([row]), columns, { batch: 1 }));
      sum += alone.loss * alone.count;
      count += alone.count;
    }
    expect(together.count).toBe(count);
    expect(together.loss).toBeCloseTo(sum / count, 5); // sums in single precision, in another order
    trainer.dispose();
  });
});

describe('a run over records', () => {
  it('names the missing column, what it is, and the fields of the data set', async () => {
    const device = await openDevice({ backend: 'reference' });
    const trainer = await Trainer.create(classifier(), { device, optimizer: adam() });
    const unlabelled: Source = dataset(all, [tokens('text', abc)], options);
    await expect(trainer.evaluate(unlabelled as typeof classified)).rejects.toThrow(
      'The model reads "labels" as Uint32Array [N], but the source has ids, lengths.',
    );
    trainer.dispose();
  });

  it('continues bit for bit from a checkpoint in the middle of an epoch', async () => {
    const device = await openDevice({ backend: 'reference' });
    const make = () => Trainer.create(classifier(), { device, optimizer: adam({ rate: 0.05 }), seed: 4 });
    const lossesOf = async (trainer: Awaited<ReturnType<typeof make>>, steps: number): Promise<number[]> => {
      const found: number[] = [];
      for await (const { loss } of trainer.run(classified, { steps })) found.push(loss);
      return found;
    };
    const expected = await lossesOf(await make(), 11);
    const half = await make();
    await lossesOf(half, 7);
    const kind = { kind: 'own-classifier', fromConfig: classifier };
    const resumed = await resumeTrainer(readCheckpoint(await saveCheckpoint(half), [kind]), device);
    expect(await lossesOf(resumed, 4)).toEqual(expected.slice(7));
  });
});
