import { expect, it } from 'vitest';
import {
  adam,
  beam,
  captioner,
  characters,
  cosineDecay,
  dataset,
  encoderDecoder,
  grid,
  openDevice,
  records,
  sourceTokens,
  targetTokens,
  Trainer,
} from '../../src/index.js';
import { evaluateGenerated } from '../../src/graph.js';
import { Random, STREAM } from '../../src/core/random.js';

const device = await openDevice({ backend: 'cpu' });

it('learns to reverse strings, and writes 99 of 100 unseen ones without a mistake', async () => {
  const letters = 'abcdefghij';
  const tokenizer = characters([letters]);
  const random = new Random(4, STREAM.test);
  const rows = Array.from({ length: 12400 }, () => {
    const from = Array.from({ length: 2 + random.below(4) }, () => letters[random.below(10)]).join('');
    return { from, to: [...from].reverse().join('') };
  });
  const [seen, others] = [rows.slice(0, 12000), rows.slice(12000)];
  const text = { tokenizer, embedding: 16 };
  const model = encoderDecoder({
    source: text,
    target: text,
    hidden: 48,
    bidirectional: true,
    attention: 'general',
  });
  const trainer = await Trainer.create(model, {
    device,
    optimizer: adam({ rate: 1e-2 }),
    schedule: cosineDecay({ steps: 940, warmup: 20 }),
    clip: { norm: 1 },
    seed: 1,
  });
  const columns = [sourceTokens('from', tokenizer), targetTokens('to', tokenizer)] as const;
  const report = trainer.run(dataset(records.of(seen), columns, { batch: 64 }), { epochs: 5 });
  let last = Infinity;
  for await (const { loss } of report) last = loss;
  expect(last).toBeLessThan(0.05);
  const known = new Set(seen.map(({ from }) => from));
  const unseen = others.filter(({ from }) => !known.has(from));
  expect(unseen.length).toBeGreaterThan(100);
  const pairs = unseen.map(({ from, to }) => ({ condition: from, wanted: to }));
  const greedily = await evaluateGenerated(trainer.generator, pairs, { longest: 8 });
  expect(greedily.exactMatch).toBeGreaterThanOrEqual(0.99);
  expect(greedily.editDistance).toBeLessThan(0.01);
  const searched = await evaluateGenerated(trainer.generator, pairs, { method: beam(3), longest: 8 });
  expect(searched.exactMatch).toBeGreaterThanOrEqual(0.99);
  trainer.dispose();
});

it('captions a grid, with attention on the place that each symbol describes', async () => {
  // Three of six places have an object each: its rank, 1 to 3, and its kind. Captions are the kinds,
  // in the order of the ranks.
  const [P, ranks, kinds] = [6, 3, 'abcde'];
  const F = ranks + kinds.length;
  const tokenizer = characters([kinds]);
  const random = new Random(9, STREAM.test);
  const rows = Array.from({ length: 1260 }, () => {
    const image = new Float32Array(P * F);
    const places: number[] = [];
    let caption = '';
    while (places.length < ranks) {
      const place = random.below(P);
      if (places.includes(place)) continue;
      const kind = random.below(kinds.length);
      image[place * F + places.length] = 1;
      image[place * F + ranks + kind] = 1;
      caption += kinds[kind];
      places.push(place);
    }
    return { image, caption, places };
  });
  const model = captioner({
    features: { size: F, cells: P },
    target: { tokenizer, embedding: 8 },
    hidden: 24,
    cell: 'gru',
  });
  const trainer = await Trainer.create(model, {
    device,
    optimizer: adam({ rate: 2e-2 }),
    schedule: cosineDecay({ steps: 120, warmup: 10 }),
    clip: { norm: 1 },
    seed: 1,
  });
  const columns = [grid('image', { cells: P, size: F }), targetTokens('caption', tokenizer)] as const;
  const report = trainer.run(dataset(records.of(rows.slice(0, 1200)), columns, { batch: 30 }), { epochs: 3 });
  let last = Infinity;
  for await (const { loss } of report) last = loss;
  expect(last).toBeLessThan(0.1);
  const unseen = rows.slice(1200);
  const written = await trainer.generator.generateAll(
    unseen.map(({ image }) => image),
    { longest: 5, attention: true },
  );
  let [right, weight] = [0, 0];
  for (const [i, [{ text, attention = [] }]] of written.entries()) {
    right += Number(text === unseen[i].caption) / unseen.length;
    for (const [t, place] of unseen[i].places.entries())
      weight += attention[t * P + place] / (unseen.length * ranks);
  }
  expect(right).toBeGreaterThanOrEqual(0.95);
  expect(weight).toBeGreaterThanOrEqual(0.9);
  trainer.dispose();
});
