import { expect, it } from 'vitest';
import { adagrad, charModel, Corpus, openDevice, RecurrentLayers, Trainer } from '../../src/index.js';
import { differentiate, GraphBuilder, ops } from '../../src/graph.js';

it("the README's example trains", async () => {
  const device = await openDevice({ backend: 'cpu' });
  const corpus = Corpus.fromText('The cat sat on the mat. '.repeat(20));
  const model = charModel({ vocabulary: corpus.vocabulary, hidden: 20 });
  const trainer = await Trainer.create(model, {
    device,
    batch: 1,
    time: 25,
    optimizer: adagrad({ rate: 0.1 }),
    clip: { value: 5 },
  });
  let last = Infinity;
  for await (const report of trainer.run(corpus, { steps: 200 })) last = report.loss;
  expect(last).toBeLessThan(0.5 * trainer.baseline);
  expect([...(await trainer.sample({ prime: 'The ', length: 20, temperature: 0.8 }))]).toHaveLength(20);
  trainer.dispose();
});

it('the examples of docs/library.md run', async () => {
  const device = await openDevice({ backend: 'cpu' });
  const layers = await RecurrentLayers.create({
    device,
    input: 7,
    hidden: 12,
    layers: 2,
    cell: 'lstm',
    bidirectional: true,
    batch: 3,
    time: 5,
  });
  await layers.load(await layers.parameters());
  const x = new Float32Array(5 * 3 * 7).fill(0.1);
  const [h0, c0, upstream, dhn] = [4 * 3 * 12, 4 * 3 * 12, 5 * 3 * 24, 4 * 3 * 12].map((length) =>
    new Float32Array(length).fill(0.2),
  );
  const { y, last, final, trace } = await layers.forward(
    x,
    { h: h0, c: c0 },
    { lengths: [2, 5, 3], trace: true },
  );
  expect([y.length, last.length, final.h.length, final.c.length]).toEqual([
    5 * 3 * 24,
    3 * 24,
    4 * 3 * 12,
    4 * 3 * 12,
  ]);
  expect(Object.keys(trace[1][0])).toEqual(['i', 'f', 'g', 'o', 'h', 'c']);
  const { gradients } = await layers.forwardBackward(
    x,
    { h: h0, c: c0 },
    { y: upstream, final: { h: dhn } },
    { lengths: [2, 5, 3], gradientFlow: true },
  );
  expect(gradients.flow?.[1][1]).toHaveLength(5 * 3 * 12);
  await expect(layers.forward(x.slice(1))).rejects.toThrow(
    'x must be [T,N,C] = [5,3,7] with 105 elements, but 104 came.',
  );

  const g = new GraphBuilder();
  const a = g.tensor('input', 'x', [4, 3]);
  const weight = g.tensor('input', 'weight', [2, 3]);
  const result = g.apply(ops.linear, 'y', { x: a, weight, y: g.tensor('output', 'y', [4, 2]) }).y;
  const dy = g.tensor('input', 'dy', [4, 2]);
  differentiate(g, {
    ops,
    wanted: [weight],
    upstream: { [result.name]: dy },
    targets: { weight: g.tensor('output', 'dweight', [2, 3]) },
  });
  const program = await device.prepare(g.graph, await device.createMemory());
  await program.write(
    'x',
    Float32Array.from({ length: 12 }, (_, i) => i),
  );
  await program.write('dy', new Float32Array(8).fill(1));
  await program.submit([{}]);
  expect(await program.read('dweight')).toEqual(Float32Array.of(18, 22, 26, 18, 22, 26));
});
