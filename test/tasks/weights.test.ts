import { describe, expect, it } from 'vitest';
import {
  adam,
  captioner,
  characters,
  classifier,
  encoderDecoder,
  openDevice,
  readCheckpoint,
  regressor,
  saveCheckpoint,
  sgd,
  tagger,
  Trainer,
} from '../../src/index.js';
import { GraphBuilder, ops, type Model, TASK_KINDS } from '../../src/graph.js';
import { webgpuDevice } from '../support/devices.js';
import { largestDifference, raggedBatch, runOnBatch, someParameters } from '../support/tasks.js';

const tokenizer = characters(['abcde']);
const V = tokenizer.size;
const text = { tokenizer, embedding: 4 };
const names = { names: ['a', 'b', 'c'] };

describe('checkpoints of tasks', () => {
  const models: readonly Model[] = [
    classifier({
      input: text,
      labels: names,
      cell: 'gru',
      hidden: 4,
      pooling: 'max',
      classWeights: [1, 2, 3],
    }),
    tagger({ input: { features: 2 }, labels: names, hidden: 4, bidirectional: true, merge: 'mean' }),
    regressor({ input: text, outputs: 2, hidden: 4, loss: 'huber', delta: 2, ragged: true }),
    encoderDecoder({ source: text, target: text, hidden: 4, attention: 'additive', tied: true }),
    captioner({ features: { size: 2, cells: 3 }, target: text, hidden: 4, teacherForcing: 0.5 }),
  ];

  it.each(models.map((model) => [model.kind, model] as const))(
    '%s: made again, it computes the same',
    async (_, model) => {
      const device = await openDevice({ backend: 'cpu' });
      const trainer = await Trainer.create(model, { device, optimizer: sgd(), seed: 3 });
      const { model: again, parameters } = readCheckpoint(await saveCheckpoint(trainer), TASK_KINDS);
      expect(again.config).toEqual(JSON.parse(JSON.stringify(model.config)));
      const shapes = ({ layout }: Model) => layout.specs.map(({ name, shape }) => [name, shape]);
      expect(shapes(again)).toEqual(shapes(model));
      const symbols = { ids: V, labels: 3, tags: 3, source: V, previous: V, targets: V };
      const batch = raggedBatch(model, { T: 4, S: 5, N: 3 }, symbols);
      const [a, b] = [
        await runOnBatch(model, device, await trainer.parameters(), batch, []),
        await runOnBatch(again, device, parameters, batch, []),
      ];
      expect(b.loss).toBe(a.loss);
      trainer.dispose();
    },
  );
});

describe('weights', () => {
  const tied = encoderDecoder({ source: text, target: text, cell: 'gru', hidden: 4, tied: true });
  const untied = encoderDecoder({ source: text, target: text, cell: 'gru', hidden: 4 });
  const batch = raggedBatch(tied, { T: 4, S: 5, N: 3 }, { source: V, previous: V, targets: V });

  it('that are tied are one matrix with both names, whose gradient is the sum of both', async () => {
    const device = await openDevice({ backend: 'cpu' });
    const parameters = someParameters(tied);
    const embedding = parameters['target_embedding.weight'];
    const both = { ...parameters, 'head.weight': embedding };
    const a = await runOnBatch(tied, device, parameters, batch, ['logits']);
    const b = await runOnBatch(untied, device, both, batch, ['logits']);
    expect(largestDifference(a.outputs.logits, b.outputs.logits)).toBeLessThan(1e-6);
    const sum = Float32Array.from(
      b.gradients['head.weight'].data,
      (gradient, i) => gradient + b.gradients['target_embedding.weight'].data[i],
    );
    expect(largestDifference(a.gradients['target_embedding.weight'].data, sum)).toBeLessThan(1e-6);
    expect(tied.layout.count).toBe(untied.layout.count - embedding.data.length);

    const trainer = await Trainer.create(tied, { device, optimizer: adam() });
    await trainer.loadParameters(both);
    const read = await trainer.parameters();
    expect(read['head.weight'].data).toEqual(read['target_embedding.weight'].data);
    const other = { shape: embedding.shape, data: Float32Array.from(embedding.data, (value) => value + 1) };
    await expect(trainer.loadParameters({ ...both, 'head.weight': other })).rejects.toThrow(
      /"head\.weight" and "target_embedding\.weight" are one matrix here, but their numbers differ/,
    );
    trainer.dispose();
  });

  it('start with the distributions of PyTorch; an embedding can start from given vectors', () => {
    const vectors = Float32Array.from({ length: V * 4 }, (_, i) => i);
    const model = encoderDecoder({
      source: { ...text, pretrained: { vectors: { shape: [V, 4], data: vectors } } },
      target: text,
      hidden: 16,
      bidirectional: true,
      attention: 'additive',
    });
    const values = model.layout.unpack(model.initialParameters(1));
    expect(values['source_embedding.weight'].data).toEqual(vectors);
    const largest = (name: string): number => Math.max(...values[name].data.map(Math.abs));
    const bounds = {
      'encoder.weight_hh_l0': 1 / 4,
      'bridge.c.weight': 1 / Math.sqrt(32),
      'head.bias': 1 / 4,
    };
    for (const [name, bound] of Object.entries(bounds)) {
      expect(largest(name), name).toBeLessThanOrEqual(bound);
      expect(largest(name), name).toBeGreaterThan(0.8 * bound);
    }
    expect(largest('target_embedding.weight')).toBeGreaterThan(1.5);
  });

  it('have PyTorch’s names and shapes', () => {
    const model = encoderDecoder({
      source: text,
      target: text,
      hidden: 6,
      bidirectional: true,
      attention: 'general',
    });
    const shapes = model.layout.specs.map(({ name, shape }) => `${name} [${shape.join(',')}]`);
    expect(shapes.filter((name) => !/^(?:en|de)coder\./.test(name))).toEqual([
      `source_embedding.weight [${V},4]`,
      `target_embedding.weight [${V},4]`,
      'bridge.h.weight [6,12]',
      'bridge.h.bias [6]',
      'bridge.c.weight [6,12]',
      'bridge.c.bias [6]',
      'attention.weight [6,12]',
      'combine.weight [6,18]',
      'combine.bias [6]',
      `head.weight [${V},6]`,
      `head.bias [${V}]`,
    ]);
  });
});

describe('constants of a graph', () => {
  it.each([
    ['reference', () => openDevice({ backend: 'reference' })],
    ['cpu', () => openDevice({ backend: 'cpu' })],
    ['webgpu', webgpuDevice],
  ] as const)('is there when a program is prepared: %s', async (_, open) => {
    const device = await open();
    const g = new GraphBuilder();
    const a = g.constant('numbers', [5], [1, -2, 3.5, 0, 7]);
    const x = g.tensor('input', 'x', [5]);
    g.apply(ops.add, 'sum', { a, b: x, y: g.tensor('output', 'y', [5]) });
    const memory = await device.createMemory();
    const program = await device.prepare(JSON.parse(JSON.stringify(g.graph)) as typeof g.graph, memory);
    await program.write('x', Float32Array.of(1, 1, 1, 1, 1));
    await program.submit([{}]);
    expect([...(await program.read('y'))]).toEqual([2, -1, 4.5, 1, 8]);
    program.dispose();
    memory.dispose();
    expect(() => g.constant('few', [3], [1])).toThrow(/"few" \[3\] has 3 elements, but 1 numbers came/);
  });
});
