import { describe, expect, it } from 'vitest';
import {
  adam,
  captioner,
  characters,
  classes,
  classifier,
  dataset,
  encoderDecoder,
  features,
  grid,
  image,
  labels,
  numbers,
  openDevice,
  OptionError,
  records,
  regressor,
  tagger,
  tags,
  targetTokens,
  Trainer,
} from '../../src/index.js';
import type { Model } from '../../src/graph.js';

const device = await openDevice({ backend: 'cpu' });
const words = ['ab', 'ba', 'bb', 'aa', 'abb', 'bab'];
const target = { tokenizer: characters(words), embedding: 4 };
const layers = { cell: 'gru', hidden: 8 } as const;

/** A letter as a picture [4,3] or two frames of 6 numbers: a is dark above, b below. */
const drawn = (letter: string): number[] =>
  Array.from({ length: 12 }, (_, i) => (i < 6 === (letter === 'a') ? 1 : 0.1 * (i % 3)));
const rows = words.map((text) => ({
  text,
  label: text[0],
  letters: [...text],
  size: text.length,
  frames: [...text].flatMap((letter) => [drawn(letter).slice(0, 6), drawn(letter).slice(6)]),
  pictures: [...text].map(drawn),
  cells: Float32Array.from(
    [0, 1, 2].flatMap((i) => (i < text.length ? drawn(text[i]) : Array<number>(12).fill(0))),
  ),
  // [4,12]: the letters side by side, and a blank at the end of short words.
  line: Array.from({ length: 4 }, (_, y) =>
    [0, 1, 2, 3].flatMap((i) => (i < text.length ? drawn(text[i]).slice(3 * y, 3 * y + 3) : [0, 0, 0])),
  ),
}));

async function learn<M extends Model>(trainer: Trainer<M>, source: object, epochs: number): Promise<void> {
  const losses: number[] = [];
  for await (const { loss } of trainer.run(source as never, { epochs })) losses.push(loss);
  expect(losses[losses.length - 1]).toBeLessThan(losses[0] / 2);
}

const written = targetTokens('text', target.tokenizer);
const picture = { rows: 4, columns: 3, filters: [4] };
const page = { rows: 4, columns: 12, filters: [4] };
const batch = { batch: 6 };
const examples = records.of(rows);

describe('an encoder–decoder reads', () => {
  it('frames of features with a bidirectional pyramid, and attends to pairs of frames', async () => {
    const model = encoderDecoder({
      ...layers,
      source: { features: 6 },
      target,
      layers: 2,
      pyramidal: true,
      bidirectional: true,
      attention: 'additive',
    });
    const columns = [features('frames', { size: 6, normalize: 'standard', source: true }), written] as const;
    const trainer = await Trainer.create(model, { device, optimizer: adam({ rate: 0.02 }), seed: 2 });
    await learn(trainer, dataset(examples, columns, batch), 60);
    for (const { frames, text } of rows) {
      const [best] = await trainer.generate(frames, { longest: 5, attention: true });
      expect(best.text).toBe(text);
      // A letter is a pair of frames: as many positions as letters, whose weights add up to 1.
      const weights = best.attention as Float32Array;
      const steps = best.ids.length;
      expect(weights.length).toBe(steps * text.length);
      for (let t = 0; t < steps; t++) {
        const sum = weights.slice(t * text.length, (t + 1) * text.length).reduce((a, b) => a + b);
        expect(sum).toBeCloseTo(1, 5);
      }
    }
    // One flat array is the same as a list of steps; several sources of unequal length go together.
    const [one, two] = await trainer.generator.generateAll([rows[4].frames.flat(), rows[0].frames], {
      longest: 5,
    });
    expect([one[0].text, two[0].text]).toEqual([rows[4].text, rows[0].text]);
    await expect(trainer.generate([[1, 2]])).rejects.toThrow(/^Condition 0: features\("source"\) reads/);
    await expect(trainer.generate([])).rejects.toThrow(/Condition 0.*at least one step/);
    trainer.dispose();
  });

  it('the places of a grid as steps', async () => {
    const model = encoderDecoder({ ...layers, source: { features: 12, cells: 3 }, target, attention: 'dot' });
    expect(Object.keys(model.fields)).toEqual(['grid', 'previous', 'targets']);
    const columns = [grid('cells', { cells: 3, size: 12 }), written] as const;
    const trainer = await Trainer.create(model, { device, optimizer: adam({ rate: 0.03 }), seed: 2 });
    await learn(trainer, dataset(examples, columns, batch), 60);
    const [best] = await trainer.generate(rows[5].cells, { longest: 5, attention: true });
    expect(best.text).toBe('bab');
    expect(best.attention?.length).toBe(3 * best.ids.length);
    trainer.dispose();
  });

  it('the columns of an image after convolutions, as a line of text', async () => {
    const model = encoderDecoder({
      ...layers,
      source: { image: page, steps: 'columns' },
      target,
      bidirectional: true,
      attention: 'general',
    });
    const columns = [image('line', { rows: 4, columns: 12 }), written] as const;
    const trainer = await Trainer.create(model, { device, optimizer: adam({ rate: 0.02 }), seed: 2 });
    await learn(trainer, dataset(examples, columns, batch), 60);
    for (const { line, text } of rows)
      expect((await trainer.generate(line, { longest: 5 }))[0].text).toBe(text);
    trainer.dispose();
  });

  it('one image per step', async () => {
    const model = encoderDecoder({ ...layers, source: { image: picture }, target, attention: 'dot' });
    expect(model.fields.source.shape).toEqual(['S', 'N', 4, 3, 1]);
    const columns = [image('pictures', { rows: 4, columns: 3, every: true, source: true }), written] as const;
    const trainer = await Trainer.create(model, { device, optimizer: adam({ rate: 0.03 }), seed: 2 });
    await learn(trainer, dataset(examples, columns, batch), 60);
    for (const { pictures, text } of rows)
      expect((await trainer.generate(pictures, { longest: 5 }))[0].text).toBe(text);
    trainer.dispose();
  });

  it('no other source, and one image is not a sequence of steps', () => {
    const wrong = (source: object) => () => encoderDecoder({ ...layers, source: source as never, target });
    expect(wrong({ features: 0 })).toThrow('source.features: expected a whole number of at least 1');
    expect(wrong({ features: 2, cells: 0 })).toThrow('source.cells');
    expect(wrong({ image: picture, steps: 'rows' })).toThrow('source.steps: expected one of images, columns');
    expect(wrong({ image: { ...picture, filters: [] } })).toThrow('source.image.filters');
    expect(() => image('line', { rows: 4, columns: 12, source: true } as never)).toThrow('source: expected');
    const columns = { image: page, steps: 'columns' } as const;
    const names = labels(['a', 'b']);
    expect(() => tagger({ ...layers, input: columns, labels: names })).toThrow(OptionError);
    expect(() => regressor({ ...layers, input: columns, pooling: 'none' })).toThrow('pooling: expected last');
    const places = { features: 2, cells: 3 };
    expect(() => regressor({ ...layers, input: places, pooling: 'none' })).toThrow('pooling: expected last');
  });
});

describe('an image encoder reads images for', () => {
  const names = labels(['a', 'b']);
  const every = image('pictures', { rows: 4, columns: 3, every: true });
  const pictures = { image: picture };
  const columns = { image: page, steps: 'columns' } as const;
  const options = { device, optimizer: adam({ rate: 0.03 }), seed: 2 };

  it('a classifier with one image per step, or with the columns of an image as steps', async () => {
    const line = image('line', { rows: 4, columns: 12 });
    for (const [input, column] of [
      [pictures, every],
      [columns, line],
    ] as const) {
      // prettier-ignore
      const model = classifier({ ...layers, input, labels: names });
      const trainer = await Trainer.create<Model>(model, options);
      await learn(trainer, dataset(examples, [column, classes('label', names)], batch), 40);
      const found = (await trainer.predict(rows)) as unknown as { readonly label: string }[];
      expect(found.map(({ label }) => label)).toEqual(rows.map(({ label }) => label));
      trainer.dispose();
    }
  });

  it('a tagger', async () => {
    const trainer = await Trainer.create(tagger({ ...layers, input: pictures, labels: names }), options);
    await learn(trainer, dataset(examples, [every, tags('letters', names)], batch), 40);
    expect(await trainer.predict(rows)).toEqual(rows.map(({ letters }) => letters));
    trainer.dispose();
  });

  it('a regressor', async () => {
    const trainer = await Trainer.create(regressor({ ...layers, input: pictures }), options);
    await learn(trainer, dataset(examples, [every, numbers('size')], batch), 120);
    for (const [i, [size]] of (await trainer.predict(rows)).entries())
      expect(Math.round(size)).toBe(rows[i].size);
    trainer.dispose();
  });

  it('a captioner', async () => {
    const model = captioner({ ...layers, image: page, target });
    const trainer = await Trainer.create(model, options);
    await learn(trainer, dataset(examples, [image('line', { rows: 4, columns: 12 }), written], batch), 60);
    const [best] = await trainer.generate(rows[4].line.flat(), { longest: 5, attention: true });
    expect(best.text).toBe('abb');
    expect(best.attention?.length).toBe(12 * best.ids.length);
    trainer.dispose();
  });
});
