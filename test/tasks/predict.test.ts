import { describe, expect, it } from 'vitest';
import {
  adam,
  characters,
  classes,
  classifier,
  dataset,
  features,
  labels,
  numbers,
  openDevice,
  readCheckpoint,
  records,
  regressor,
  resumeTrainer,
  saveCheckpoint,
  tagger,
  tags,
  tokens,
  Trainer,
} from '../../src/index.js';
import { classifierKind, predictionSource, TASK_KINDS } from '../../src/graph.js';

const rows = ['aab', 'abb', 'bba', 'bab', 'aba', 'baa', 'ab', 'ba'].map((text) => ({
  text,
  first: text.startsWith('a') ? 'starts with a' : 'starts with b',
  letters: [...text].map((letter) => (letter === 'a' ? 'A' : 'B')),
  series: [...text].map((letter, i) => [100 * i, letter === 'a' ? 1 : 0]),
  count: 1000 + 50 * [...text].filter((letter) => letter === 'a').length,
}));
const tokenizer = characters(rows.map(({ text }) => text));
const names = labels(['starts with a', 'starts with b']);
const open = () => openDevice({ backend: 'cpu' });

async function train(trainer: Trainer<never>, source: unknown): Promise<void> {
  for await (const { loss } of trainer.run(source as never, { epochs: 60 })) expect(loss).toBeLessThan(1e9);
}

describe('predictions have labels, tags and original units', () => {
  it('a classifier predicts a label with probabilities; a checkpoint keeps tokenizer and labels', async () => {
    const model = classifier({
      input: { tokenizer },
      labels: names,
      cell: 'gru',
      hidden: 6,
      pooling: 'mean',
    });
    const device = await open();
    const trainer = await Trainer.create(model, { device, optimizer: adam({ rate: 0.05 }), seed: 1 });
    const columns = [tokens('text', tokenizer), classes('first', names)] as const;
    const data = dataset(records.of(rows), columns, { batch: 4 });
    await train(trainer as never, data);
    const texts = [{ text: 'abab' }, { text: 'b' }, { text: 'aa' }];
    const found = await trainer.predict(texts);
    expect(found.map(({ label }) => label)).toEqual(['starts with a', 'starts with b', 'starts with a']);
    for (const { label, probabilities } of found) {
      expect(Object.values(probabilities).reduce((a, b) => a + b)).toBeCloseTo(1, 6);
      expect(probabilities[label]).toBeGreaterThan(0.5);
    }
    const { measures, tables } = await trainer.evaluate(data);
    expect(measures.accuracy).toBe(1);
    expect(tables.confusion).toEqual([
      [4, 0],
      [0, 4],
    ]);
    const bytes = await saveCheckpoint(trainer);
    const checkpoint = readCheckpoint(bytes, [classifierKind]);
    const resumed = await resumeTrainer(checkpoint, device);
    expect(await resumed.predict(texts)).toEqual(found);
    expect(await resumed.predict(texts, { source: predictionSource([columns[0]]) })).toEqual(found);
    expect(readCheckpoint(bytes, TASK_KINDS).model.config).toEqual(model.config);
  });

  it('a tagger predicts a tag for every step of a row', async () => {
    const letters = labels(['A', 'B']);
    const model = tagger({
      input: { tokenizer, embedding: 3 },
      labels: letters,
      hidden: 5,
      bidirectional: true,
    });
    const trainer = await Trainer.create(model, { device: await open(), optimizer: adam({ rate: 0.05 }) });
    const columns = [tokens('text', tokenizer), tags('letters', letters)] as const;
    await train(trainer as never, dataset(records.of(rows), columns, { batch: 4 }));
    expect(await trainer.predict([{ text: 'abba' }, { text: 'b' }], { batch: 1 })).toEqual([
      ['A', 'B', 'B', 'A'],
      ['B'],
    ]);
    trainer.dispose();
  });

  it('a regressor predicts numbers in their original units', async () => {
    const model = regressor({ input: { features: 2 }, cell: 'gru', hidden: 6 });
    const trainer = await Trainer.create(model, { device: await open(), optimizer: adam({ rate: 0.03 }) });
    const columns = [
      features('series', { size: 2, normalize: 'standard' }),
      numbers('count', { normalize: 'standard' }),
    ] as const;
    const data = dataset(records.of(rows), columns, { batch: 4 });
    await train(trainer as never, data);
    const found = await trainer.predict(rows);
    for (const [i, [value]] of found.map((each) => [...each]).entries())
      expect(Math.abs(value - rows[i].count)).toBeLessThan(15);
    trainer.dispose();
  });

  it('refuses records without an input of the model, and models without predictions', async () => {
    const model = classifier({ input: { tokenizer }, labels: names, hidden: 3 });
    const trainer = await Trainer.create(model, { device: await open(), optimizer: adam() });
    await expect(trainer.predict([{ text: 'ab' }])).rejects.toThrow(
      /predict\.source: expected a data set, or predictionSource/,
    );
    const source = predictionSource([tokens('text', tokenizer)]);
    await expect(trainer.predict([{ words: 'ab' }], { source })).rejects.toThrow(/Record 0 has no "text"/);
    await expect(trainer.predict([{ text: '' }], { source })).rejects.toThrow(/Record 0/);
    const onlyFeatures = predictionSource([features('series', { size: 2 })]);
    await expect(trainer.predict(rows, { source: onlyFeatures })).rejects.toThrow(/no array "ids"/);
    trainer.dispose();
  });
});
