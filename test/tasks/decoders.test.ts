import { describe, expect, it } from 'vitest';
import { compile, ops, trainingGraph } from '../../src/graph.js';
import {
  adam,
  encoderDecoder,
  openDevice,
  Trainer,
  type Batch,
  type EncoderDecoderOptions,
} from '../../src/index.js';
import type { DecoderAttention } from '../../src/tasks/attention.js';
import { forcedShare } from '../../src/tasks/forcing.js';
import { largestDifference, raggedBatch, runOnBatch, someParameters } from '../support/tasks.js';

const V = 7;
const SIZES = { T: 4, S: 5, N: 3 };
const SYMBOLS = { source: V, previous: V, targets: V };
const make = (options: Partial<EncoderDecoderOptions> = {}) =>
  encoderDecoder({
    source: { symbols: V, embedding: 4 },
    target: { symbols: V, embedding: 4 },
    cell: 'gru',
    hidden: 5,
    ...options,
  });

describe('attention of an encoder–decoder', () => {
  it.each<[string, Partial<EncoderDecoderOptions>]>([
    ['dot', { attention: 'dot' }],
    ['general', { attention: 'general', bidirectional: true }],
    ['general, fed back', { attention: 'general', inputFeeding: true }],
    ['additive', { attention: 'additive', bidirectional: true }],
    ['additive, two layers, LSTM', { attention: 'additive', layers: 2, cell: 'lstm' }],
  ])('%s: weights sum to 1 over the source’s own steps, and are 0 behind', async (_, options) => {
    const model = make(options);
    const batch = raggedBatch(model, SIZES, SYMBOLS);
    const device = await openDevice({ backend: 'cpu' });
    const { outputs } = await runOnBatch(model, device, someParameters(model), batch, ['attention']);
    const { T, S, N } = SIZES;
    for (let r = 0; r < T * N; r++) {
      const row = outputs.attention.subarray(r * S, (r + 1) * S);
      const length = batch.arrays.sourceLengths[r % N];
      const padded = batch.arrays.targets[r] === V && options.attention === 'additive';
      expect(row.slice(0, length).reduce((a, b) => a + b, 0)).toBeCloseTo(padded ? 0 : 1, 6);
      expect([...row.slice(length)].every((weight) => weight === 0)).toBe(true);
    }
  });

  it.each<[string, Partial<EncoderDecoderOptions>]>([
    ['GRU', { cell: 'gru' }],
    ['GRU, reset before', { cell: 'gru', reset: 'before' }],
    ['LSTM without biases', { cell: 'lstm', biases: 'none' }],
    ['RNN', { cell: 'rnn', bidirectional: true }],
  ])('additive of one layer, fused and step by step from general ops, is one: %s', async (_, options) => {
    const fused = make({ ...options, attention: 'additive' });
    const general = make({ ...options, attention: 'additive', form: 'general' });
    const batch = raggedBatch(fused, SIZES, SYMBOLS);
    const device = await openDevice({ backend: 'cpu' });
    const parameters = someParameters(fused);
    const kept = ['logits', 'attention'];
    const a = await runOnBatch(fused, device, parameters, batch, kept);
    const b = await runOnBatch(general, device, parameters, batch, kept);
    for (const name of kept)
      expect(largestDifference(a.outputs[name], b.outputs[name]), name).toBeLessThan(2e-6);
    for (const [name, { data }] of Object.entries(a.gradients))
      expect(largestDifference(data, b.gradients[name].data), name).toBeLessThan(2e-6);
  });

  it('padding of source and target changes neither loss nor gradients', async () => {
    const model = make({ attention: 'additive', bidirectional: true });
    const batch = raggedBatch(model, SIZES, SYMBOLS);
    const pad = (name: string, steps: number): Uint32Array<ArrayBuffer> => {
      const padded = new Uint32Array(steps * SIZES.N).fill(V);
      padded.set(batch.arrays[name]);
      return padded;
    };
    const wider: Batch = {
      ...batch,
      arrays: {
        ...batch.arrays,
        source: pad('source', 8),
        previous: pad('previous', 6),
        targets: pad('targets', 6),
      },
      sizes: { T: 6, S: 8, N: 3 },
    };
    const device = await openDevice({ backend: 'cpu' });
    const parameters = someParameters(model);
    const a = await runOnBatch(model, device, parameters, batch, []);
    const b = await runOnBatch(model, device, parameters, wider, []);
    expect(b.loss).toBeCloseTo(a.loss, 6);
    for (const [name, { data }] of Object.entries(a.gradients))
      expect(largestDifference(data, b.gradients[name].data), name).toBeLessThan(1e-6);
  });
});

describe('launches of a training step of an encoder–decoder', () => {
  const launches = async (options: Partial<EncoderDecoderOptions>, T: number): Promise<number> => {
    const graph = trainingGraph(make({ hidden: 16, ...options }), {
      sizes: { T, S: 12, N: 8 },
      loss: 'mean',
      clip: { norm: 1 },
      optimizer: adam(),
    });
    return (await compile(graph, ops, { parallelism: 16384 })).launches.length;
  };
  /** Launches that an attention adds at 10 steps and at 20. */
  const added = async (cell: 'rnn' | 'gru' | 'lstm', attention: DecoderAttention): Promise<number[]> => {
    const found: number[] = [];
    for (const T of [10, 20])
      found.push((await launches({ cell, attention }, T)) - (await launches({ cell }, T)));
    return found;
  };

  it('dot and general attention add a number of launches that does not depend on T', async () => {
    for (const attention of ['dot', 'general'] as const) {
      const [few, many] = await added('gru', attention);
      expect(many).toBe(few);
      expect(few).toBeLessThanOrEqual(24);
    }
  });

  it('additive attention adds at most 4 launches a step, forward and backward together', async () => {
    for (const cell of ['rnn', 'gru', 'lstm'] as const) {
      const [few, many] = await added(cell, 'additive');
      expect((many - few) / 10).toBeLessThanOrEqual(4);
      expect(many).toBeLessThanOrEqual(4 * 20);
    }
  });
});

describe('teacher forcing', () => {
  it('with a constant share of 1, single steps have the results of the window', async () => {
    const batch = raggedBatch(make(), SIZES, SYMBOLS);
    const device = await openDevice({ backend: 'cpu' });
    const runs = [
      make({ attention: 'dot' }),
      make({ attention: 'dot', teacherForcing: { from: 1, to: 1, steps: 1 } }),
    ];
    const [whole, steps] = await Promise.all(runs.map((model) => trainOnce(model, device, batch)));
    expect(largestDifference(whole, steps)).toBeLessThan(1e-6);
  });

  it('with a share of 0, the model reads its likeliest symbols: the gradients differ, but are equal in every run', async () => {
    const batch = raggedBatch(make(), SIZES, SYMBOLS);
    const device = await openDevice({ backend: 'cpu' });
    const free = make({ teacherForcing: 0 });
    const [a, b, forced] = [
      await trainOnce(free, device, batch),
      await trainOnce(free, device, batch),
      await trainOnce(make(), device, batch),
    ];
    expect(b).toEqual(a);
    expect(largestDifference(a, forced)).toBeGreaterThan(1e-4);
    // If the inputs of a batch are the likeliest symbols, forced inputs equal them.
    const own = await likeliestInputs(batch, device);
    expect(largestDifference(await trainOnce(make(), device, own), a)).toBeLessThan(1e-6);
  });

  it('has a share that changes linearly', () => {
    expect([1, 51, 101, 500].map((step) => forcedShare({ from: 1, to: 0.5, steps: 100 }, step))).toEqual([
      1, 0.75, 0.5, 0.5,
    ]);
    expect(forcedShare(0.3, 9)).toBe(0.3);
  });

  /** The parameters after a step of training from the same start. */
  async function trainOnce(
    model: ReturnType<typeof make>,
    device: Awaited<ReturnType<typeof openDevice>>,
    batch: Batch,
  ): Promise<Float32Array> {
    const trainer = await Trainer.create(model, {
      device,
      optimizer: adam({ rate: 0.1, epsilon: 1 }),
      seed: 4,
    });
    await trainer.loadParameters(someParameters(model));
    const source = {
      fields: model.fields,
      fingerprint: 'one batch',
      loader: () => ({
        batchesPerEpoch: 1,
        next: () => batch as never,
        state: () => ({ order: 'one', seed: 0, epoch: 0, index: 0, batchesPerEpoch: 1 }),
        restore: () => undefined,
      }),
    };
    for await (const { loss } of trainer.run(source, { steps: 1 })) expect(loss).toBeGreaterThan(0);
    const after = model.layout.pack(await trainer.parameters());
    trainer.dispose();
    return after;
  }

  /** The batch, whose inputs but the first are those that the model itself chooses one after another. */
  async function likeliestInputs(
    batch: Batch,
    device: Awaited<ReturnType<typeof openDevice>>,
  ): Promise<Batch> {
    const model = make();
    const previous = Uint32Array.from(batch.arrays.previous);
    const { T, N } = SIZES;
    // There is no padding, so every output counts.
    const targets = new Uint32Array(T * N);
    for (let t = 1; t < T; t++) {
      const given = { ...batch, arrays: { ...batch.arrays, previous, targets } };
      const { outputs } = await runOnBatch(model, device, someParameters(model), given, ['logits']);
      for (let n = 0; n < N; n++) {
        const row = outputs.logits.subarray(((t - 1) * N + n) * V, ((t - 1) * N + n + 1) * V);
        previous[t * N + n] = row.indexOf(Math.max(...row));
      }
    }
    return { ...batch, arrays: { ...batch.arrays, previous } };
  }
});
