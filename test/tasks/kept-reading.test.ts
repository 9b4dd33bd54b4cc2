import { describe, expect, it } from 'vitest';
import {
  adam,
  captioner,
  characters,
  classes,
  classifier,
  DataError,
  dataset,
  encoderDecoder,
  features,
  grid,
  labels,
  languageModel,
  loadCheckpoint,
  numbers,
  openDevice,
  readCheckpoint,
  records,
  regressor,
  resumeTrainer,
  saveCheckpoint,
  slidingWindows,
  tagger,
  targetTokens,
  tokens,
  Trainer,
  type Captioner,
  type Regressor,
} from '../../src/index.js';
import { columnFromJSON, regressorKind, type Column, type Model } from '../../src/graph.js';

const device = await openDevice({ backend: 'cpu' });
const optimizer = adam({ rate: 0.01 });

async function train<M extends Model>(trainer: Trainer<M>, source: object, steps: number): Promise<void> {
  for await (const { loss } of trainer.run(source as never, { steps })) expect(loss).not.toBeNaN();
}

/** Two series far from 0, of very different sizes. */
const minutes = Array.from({ length: 60 }, (_, t) => t);
const series = [
  Float32Array.from(minutes, (t) => 1000 + 50 * Math.sin(t / 5)),
  Float32Array.from(minutes, (t) => 0.02 + 0.01 * Math.cos(t / 5)),
];
const walks = minutes.slice(0, 12).map((t) => ({
  path: Array.from({ length: 2 + (t % 3) }, (_, i) => [500 + 10 * t, i / 100]),
  end: 3000 + 100 * t,
}));
const scaled: readonly Column[] = [
  features('path', { size: 2, normalize: 'standard' }),
  numbers('end', { normalize: 'standard' }),
];

describe('a checkpoint keeps means and deviations', () => {
  it('of features and targets, so predictions from it equal those of the run, in original units', async () => {
    const model = regressor({ input: { features: 2 }, cell: 'gru', hidden: 4 });
    const trainer = await Trainer.create(model, { device, optimizer });
    const data = dataset(records.of(walks), scaled, { batch: 4 });
    await train(trainer, data, 6);
    const wanted = await trainer.predict(walks);
    const bytes = await saveCheckpoint(trainer);
    const checkpoint = readCheckpoint(bytes, [regressorKind]);
    expect(checkpoint.reading?.scales).toEqual({ x: data.stats.path, y: data.stats.end });
    const again = await resumeTrainer(checkpoint, device);
    const found = await again.predict(walks);
    expect(found).toEqual(wanted);
    // A prediction without the targets' statistics would be near 0.
    for (const [value] of found) expect(value).toBeGreaterThan(2500);
    // A checkpoint that is saved again has them too.
    const third = await loadCheckpoint<Regressor>(await saveCheckpoint(again), { device });
    expect(await third.predict(walks)).toEqual(wanted);
    for (const each of [trainer, again, third]) each.dispose();
  });

  it('of sliding windows, so a window of the last steps is predicted in the units of the series', async () => {
    const source = slidingWindows(series, {
      window: 8,
      horizon: 2,
      target: 0,
      normalize: 'standard',
      batch: 16,
    });
    const model = regressor({ input: { features: 2 }, cell: 'gru', hidden: 6 });
    const trainer = await Trainer.create(model, { device, optimizer });
    await train(trainer, source, 20);
    const last = [{ x: series.map((values) => values.slice(-8)) }, { x: series.map((s) => s.slice(0, 8)) }];
    const wanted = await trainer.predict(last);
    for (const [value] of wanted) {
      expect(value).toBeGreaterThan(900);
      expect(value).toBeLessThan(1100);
    }
    // The windows of training are read in the same way.
    const { arrays } = await source.examination({}).loader.next();
    const [{ batch }] = source.predictionBatches(last.slice(1), { batch: 1 });
    const N = arrays.lengths.length;
    const first = arrays.x.filter((_, i) => Math.floor(i / 2) % N === 0);
    expect(Array.from(batch.arrays.x)).toEqual(Array.from(first));
    const again = await loadCheckpoint<Regressor>(await saveCheckpoint(trainer), { device });
    expect(await again.predict(last)).toEqual(wanted);
    trainer.dispose();
    again.dispose();
  });

  it('of conditions, so a captioner generates from features in original units', async () => {
    const words = ['ab', 'ba', 'bb', 'aa'];
    const rows = words.map((caption, i) => ({
      seen: Float32Array.from({ length: 6 }, (_, j) => 700 + 30 * Math.sin(3 * i + j)),
      caption,
    }));
    const target = { tokenizer: characters(words), embedding: 3 };
    const columns = [
      grid('seen', { cells: 3, size: 2, normalize: 'standard' }),
      targetTokens('caption', target.tokenizer),
    ] as const;
    const model = captioner({ features: { cells: 3, size: 2 }, target, cell: 'gru', hidden: 5 });
    const trainer = await Trainer.create(model, { device, optimizer });
    const data = dataset(records.of(rows), columns, { batch: 4 });
    await train(trainer, data, 5);
    const options = { longest: 3, attention: true } as const;
    const wanted = await trainer.generate(rows[1].seen, options);
    // The same by hand: the numbers of the data set, with nothing scaled.
    const scales = data.scales.grid;
    const plain = rows[1].seen.map((value, i) => (value - scales.mean[i % 2]) / scales.deviation[i % 2]);
    const { generator } = trainer;
    generator.scales = {};
    expect(await generator.generate(plain, options)).toEqual(wanted);
    const again = await loadCheckpoint<Captioner>(await saveCheckpoint(trainer), { device });
    expect(await again.generate(rows[1].seen, options)).toEqual(wanted);
    trainer.dispose();
    again.dispose();
  });

  it('and refuses to continue with data that are scaled differently', async () => {
    const model = regressor({ input: { features: 2 }, cell: 'rnn', hidden: 3 });
    const trainer = await Trainer.create(model, { device, optimizer });
    const data = dataset(records.of(walks), scaled, { batch: 4, seed: 1 });
    await train(trainer, data, 2);
    const checkpoint = readCheckpoint(await saveCheckpoint(trainer), [regressorKind]);
    const again = await resumeTrainer(checkpoint, device);
    const fewer = dataset(records.of(walks.slice(2)), scaled, { batch: 4, seed: 1 });
    await expect(train(again, fewer, 1)).rejects.toThrow(
      /^The run was trained on "x" scaled by mean \d.*, but in this source it is scaled by mean \d/,
    );
    const raw = [features('path', { size: 2 }), numbers('end')] as const;
    await expect(train(again, dataset(records.of(walks), raw, { batch: 4 }), 1)).rejects.toThrow(
      /but in this source it is without scaling/,
    );
    const columns = (checkpoint.reading?.columns ?? []).map(columnFromJSON);
    await train(again, dataset(records.of(walks), columns, { batch: 4, seed: 1 }), 2);
    await train(trainer, data, 2);
    expect(await again.parameters()).toEqual(await trainer.parameters());
    await expect(train(again, fewer, 1)).rejects.toThrow(DataError);
    trainer.dispose();
    again.dispose();
  });

  it('but not columns without toJSON, so predictions then need a source', async () => {
    const [path, end] = scaled;
    const model = regressor({ input: { features: 2 }, hidden: 3 });
    const trainer = await Trainer.create(model, { device, optimizer });
    const [fitted] = dataset(records.of(walks), [path], { batch: 1 }).columns;
    const { toJSON: _, ...own } = fitted;
    await train(trainer, dataset(records.of(walks), [own, end], { batch: 4 }), 1);
    const bytes = await saveCheckpoint(trainer);
    expect(readCheckpoint(bytes, [regressorKind]).reading?.columns).toBeUndefined();
    const again = await loadCheckpoint<Regressor>(bytes, { device });
    await expect(again.predict(walks)).rejects.toThrow(/predict\.source: expected a data set/);
    trainer.dispose();
    again.dispose();
  });
});

describe('loadCheckpoint reads the kinds of this library, and the kinds that it receives', () => {
  const tokenizer = characters(['abc']);
  const names = labels(['a', 'b']);
  const text = { tokenizer, embedding: 3 };
  const models: readonly Model[] = [
    classifier({ input: text, labels: names, hidden: 3 }),
    tagger({ input: text, labels: names, hidden: 3 }),
    regressor({ input: text, hidden: 3 }),
    encoderDecoder({ source: text, target: text, hidden: 3 }),
    captioner({ features: { size: 2 }, target: text, hidden: 3 }),
    languageModel({ tokenizer, hidden: 3 }),
  ];
  it.each(models.map((model) => [model.kind, model] as const))('%s', async (_, model) => {
    const trainer = await Trainer.create(model, { device, optimizer });
    const again = await loadCheckpoint<Model>(await saveCheckpoint(trainer), { device });
    expect(again.model.kind).toBe(model.kind);
    expect(await again.parameters()).toEqual(await trainer.parameters());
    trainer.dispose();
    again.dispose();
  });

  it('a kind of a program', async () => {
    const model: Model = { ...models[2], kind: 'my-own' };
    const trainer = await Trainer.create(model, { device, optimizer });
    const bytes = await saveCheckpoint(trainer);
    await expect(loadCheckpoint(bytes, { device })).rejects.toThrow(
      /is of a "my-own" model; known kinds are char-model, language-model, classifier, tagger/,
    );
    const kinds = [{ kind: 'my-own', fromConfig: () => model }];
    expect((await loadCheckpoint<Model>(bytes, { device, kinds })).model).toBe(model);
    trainer.dispose();
  });
});

describe('a checkpoint before the first step', () => {
  it('continues to the same result, even if the sizes of the run are not known yet', async () => {
    const names = labels(['a', 'b']);
    const tokenizer = characters(['ab']);
    const rows = ['aab', 'b', 'abab', 'ba', 'bb', 'a'].map((t) => ({ text: t, first: t[0] }));
    const data = () =>
      dataset(records.of(rows), [tokens('text', tokenizer), classes('first', names)] as const, { batch: 2 });
    const model = classifier({ input: { tokenizer }, labels: names, cell: 'gru', hidden: 4 });
    const groups = [
      { match: /^head/, optimizer: adam({ rate: 0.02 }) },
      { match: /^rnn/, optimizer: adam({ rate: 0.1 }) },
    ];
    for (const which of [optimizer, groups]) {
      const trainer = await Trainer.create(model, { device, optimizer: which, seed: 5 });
      const bytes = await saveCheckpoint(trainer);
      const again = await loadCheckpoint<typeof model>(bytes, { device });
      expect(again.step).toBe(0);
      await train(trainer, data(), 7);
      await train(again, data(), 7);
      expect(await again.parameters()).toEqual(await trainer.parameters());
      expect(await saveCheckpoint(again)).toEqual(await saveCheckpoint(trainer));
      trainer.dispose();
      again.dispose();
    }
  });
});
