import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  adam,
  characters,
  classes,
  classifier,
  cosineDecay,
  dataset,
  defineModel,
  features,
  labels,
  losses,
  nn,
  numbers,
  openDevice,
  regressor,
  slidingWindows,
  tagger,
  tags,
  tokens,
  Trainer,
  words,
  type Source,
} from '../../src/index.js';
import { toys, type Model } from '../../src/graph.js';
import { ratioMeasure } from '../../src/data/metrics/measures.js';

const device = await openDevice({ backend: 'cpu' });

/** Trains a model over its data. */
async function learn<M extends Model>(
  trainer: Trainer<M>,
  source: Source<M['fields']>,
  epochs: number,
): Promise<void> {
  for await (const { loss } of trainer.run(source, { epochs })) expect(loss).toBeLessThan(10);
}

it('an LSTM learns to add the two marked numbers among 50; a constant answer has an error of 0.167', async () => {
  const columns = [features('steps', { size: 2 }), numbers('sum')] as const;
  const [seen, unseen] = [toys.adding({ count: 4000, seed: 1 }), toys.adding({ count: 500, seed: 2 })];
  const epochs = 10;
  const trainer = await Trainer.create(regressor({ input: { features: 2 }, hidden: 32 }), {
    device,
    optimizer: adam({ rate: 2e-2 }),
    schedule: cosineDecay({ steps: 125 * epochs, warmup: 20 }),
    clip: { norm: 1 },
    seed: 1,
  });
  await learn(trainer, dataset(seen, columns, { batch: 32 }), epochs);
  const guess = [...unseen].reduce((sum, { sum: wanted }) => sum + (wanted - 1) ** 2 / unseen.length, 0);
  expect(guess).toBeGreaterThan(0.15);
  const { loss } = await trainer.evaluate(dataset(unseen, columns, { batch: 100 }));
  expect(loss).toBeLessThan(0.01);
  trainer.dispose();
});

it('a bidirectional LSTM learns to tag strings of unequal lengths, 99 of 100 letters', async () => {
  const tokenizer = characters(['abc']);
  const names = labels(toys.occurrenceTags);
  const columns = [tokens('text', tokenizer), tags('tags', names)] as const;
  const [seen, unseen] = [
    toys.occurrences({ count: 1500, seed: 1 }),
    toys.occurrences({ count: 300, seed: 2 }),
  ];
  expect(new Set([...seen].map(({ text }) => text.length)).size).toBeGreaterThan(5);
  const model = tagger({
    input: { tokenizer, embedding: 8 },
    labels: names,
    hidden: 24,
    bidirectional: true,
  });
  const epochs = 12;
  const trainer = await Trainer.create(model, {
    device,
    optimizer: adam({ rate: 1e-2 }),
    schedule: cosineDecay({ steps: 47 * epochs }),
    clip: { norm: 1 },
    seed: 1,
  });
  await learn(trainer, dataset(seen, columns, { batch: 32 }), epochs);
  const { measures } = await trainer.evaluate(dataset(unseen, columns, { batch: 100 }));
  expect(measures.accuracy).toBeGreaterThanOrEqual(0.99);
  trainer.dispose();
});

it('a classifier learns which word "not" negates, which a bag of words cannot', async () => {
  const [seen, unseen] = [toys.negation({ count: 1200, seed: 1 }), toys.negation({ count: 400, seed: 2 })];
  const vocabulary = words([...seen].map(({ text }) => text));
  const names = labels(toys.negationLabels);
  const columns = [tokens('text', vocabulary), classes('label', names)] as const;
  const [training, held] = [dataset(seen, columns, { batch: 32 }), dataset(unseen, columns, { batch: 100 })];
  const epochs = 10;
  const options = {
    device,
    optimizer: adam({ rate: 1e-2 }),
    schedule: cosineDecay({ steps: 38 * epochs }),
    seed: 1,
  };
  const reader = await Trainer.create(
    classifier({ input: { tokenizer: vocabulary, embedding: 12 }, labels: names, hidden: 24 }),
    options,
  );
  await learn(reader, training, epochs);
  expect((await reader.evaluate(held)).measures.accuracy).toBeGreaterThanOrEqual(0.97);
  reader.dispose();

  const bag = defineModel({
    kind: 'bag of words',
    fields: training.fields,
    modules: { embedding: nn.embedding(vocabulary.size, 12), head: nn.linear(12, 2) },
    forward: ({ embedding, head }, { ids, lengths }) => ({
      logits: head(embedding(ids).mean(0, { lengths })),
    }),
    loss: ({ logits }, { labels: wanted }) => losses.crossEntropy(logits, wanted),
    measured: ['logits'],
    measure({ logits }, { arrays, sizes: { N }, rows = N }) {
      const isRight = (n: number): boolean => Number(logits[2 * n + 1] > logits[2 * n]) === arrays.labels[n];
      const right = Array.from({ length: rows }, (_, n) => n).filter(isRight);
      return { accuracy: ratioMeasure(right.length, rows) };
    },
  });
  const counter = await Trainer.create(bag, options);
  await learn(counter, training, epochs);
  // Each review has a twin of the same words and the other label.
  expect((await counter.evaluate(held)).measures.accuracy).toBeLessThan(0.55);
  counter.dispose();
});

it('a regressor learns three series with the same error as PyTorch, in original units', async () => {
  const golden = JSON.parse(readFileSync(new URL('../golden/sensors.json', import.meta.url), 'utf8')) as {
    readonly settings: Readonly<
      Record<
        'steps' | 'train' | 'seed' | 'window' | 'horizon' | 'stride' | 'batch' | 'hidden' | 'epochs' | 'rate',
        number
      >
    >;
    readonly rmse: number;
    readonly losses: readonly number[];
    readonly shapes: Readonly<Record<string, readonly number[]>>;
    readonly start: Readonly<Record<string, readonly number[]>>;
  };
  const { steps, train, seed, window, horizon, stride, batch, hidden, epochs, rate } = golden.settings;
  const series = toys.sensors({ steps, seed });
  const cut = { window, horizon, stride, batch, target: 0 };
  const past = series.map((values) => values.subarray(0, train));
  const learned = slidingWindows(past, { ...cut, normalize: 'standard' });
  const tested = slidingWindows(
    series.map((values) => values.subarray(train)),
    { ...cut, normalize: learned.stats },
  );
  /** The windows in their order, as PyTorch takes them. */
  const inOrder: Source<typeof learned.fields> = {
    fields: learned.fields,
    fingerprint: learned.fingerprint,
    loader: () => learned.examination({}).loader,
  };
  const trainer = await Trainer.create(regressor({ input: { features: 3 }, cell: 'gru', hidden }), {
    device,
    optimizer: adam({ rate }),
  });
  const start = Object.entries(golden.start).map(
    ([name, values]) => [name, { shape: golden.shapes[name], data: Float32Array.from(values) }] as const,
  );
  await trainer.loadParameters(Object.fromEntries(start));
  const curve: number[] = [];
  for await (const { loss } of trainer.run(inOrder, { epochs })) curve.push(loss);
  expect(curve).toHaveLength(golden.losses.length);
  // The same computation in single and in double precision, whose difference grows with the steps.
  for (const [step, loss] of golden.losses.entries())
    expect(Math.abs(curve[step] - loss) / loss, `step ${step}`).toBeLessThan(1e-3);
  const deviation = learned.targetStats.deviation[0];
  const { measures } = await trainer.evaluate(tested);
  expect(Math.abs((measures.rmse * deviation) / golden.rmse - 1)).toBeLessThan(1e-3);

  // Predictions are in the series' own units. To answer the last value that was read is far worse.
  const held = series.map((values) => values.subarray(train));
  const starts = Array.from({ length: tested.length }, (_, i) => i * stride);
  const found = await trainer.predict(
    starts.map((at) => ({ x: held.map((values) => values.subarray(at, at + window)) })),
    { source: tested },
  );
  const rootOf = (squares: readonly number[]): number =>
    Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
  const wanted = (i: number): number => held[0][starts[i] + window - 1 + horizon];
  const own = rootOf(found.map(([value], i) => (value - wanted(i)) ** 2));
  const lasting = rootOf(starts.map((at, i) => (held[0][at + window - 1] - wanted(i)) ** 2));
  expect(Math.abs(own / golden.rmse - 1)).toBeLessThan(1e-3);
  expect(own).toBeLessThan(0.6 * lasting);
  trainer.dispose();
});
