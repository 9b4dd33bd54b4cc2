import { describe, expect, it } from 'vitest';
import {
  adam,
  DataError,
  defineModel,
  losses,
  nn,
  openDevice,
  readCheckpoint,
  saveCheckpoint,
  ShapeError,
  sgd,
  Trainer,
  type Batch,
  type Device,
  type Fields,
  type Source,
} from '../../src/index.js';
import { ops, ParameterLayout, type Model } from '../../src/graph.js';
import { webgpuDevice } from '../support/devices.js';

const FIELDS = {
  x: { dtype: 'f32', shape: ['T', 'N', 2] },
  y: { dtype: 'f32', shape: ['N', 1] },
} as const satisfies Fields;

/** Batches in which y is the sum of the first column of x where the second is 1: the adding problem. */
function adding(sizes: readonly { readonly T: number; readonly N: number }[]): Source<typeof FIELDS> {
  return {
    fields: FIELDS,
    fingerprint: 'adding problem',
    loader: () => {
      let index = 0;
      return {
        batchesPerEpoch: 20,
        next: (): Batch<typeof FIELDS> => {
          const { T, N } = sizes[index % sizes.length];
          const x = new Float32Array(T * N * 2);
          const y = new Float32Array(N);
          for (let n = 0; n < N; n++) {
            for (let t = 0; t < T; t++) {
              const value = (((index * 31 + n * 17 + t * 7) * 2654435761) % 1000) / 1000;
              const marked = t === (index + n) % T || t === (index + 2 * n + 1) % T;
              x.set([value, marked ? 1 : 0], 2 * (t * N + n));
              if (marked) y[n] += value;
            }
          }
          const batch = {
            arrays: { x, y },
            sizes: { T, N },
            count: N,
            epoch: Math.floor(index / 20),
            index: index % 20,
          };
          index++;
          return batch;
        },
        state: () => ({
          order: 'given',
          seed: 0,
          epoch: Math.floor(index / 20),
          index: index % 20,
          batchesPerEpoch: 20,
        }),
        restore: ({ epoch, index: at }) => (index = 20 * epoch + at),
      };
    },
  };
}

const regressor = (measured = ['prediction']) =>
  defineModel({
    kind: 'regressor',
    config: { hidden: 12 },
    fields: FIELDS,
    modules: { rnn: nn.gru({ input: 2, hidden: 12 }), head: nn.linear(12, 1) },
    forward: ({ rnn, head }, { x }) => ({ prediction: head(rnn(x).last) }),
    loss: ({ prediction }, { y }) => losses.mse(prediction, y),
    measured,
    measure: ({ prediction }, { arrays: { y } }) => ({
      absoluteError: y.reduce((sum, value, n) => sum + Math.abs(prediction[n] - value), 0),
    }),
  });

async function lossesOf<F extends Fields>(
  trainer: Trainer<Model<F>>,
  source: Source<F>,
  steps: number,
): Promise<number[]> {
  const found: number[] = [];
  for await (const { loss } of trainer.run(source, { steps })) found.push(loss);
  return found;
}

describe('a regressor by defineModel', () => {
  it('learns from batches of two sizes, with equal losses on cpu and webgpu', async () => {
    const source = adding([
      { T: 6, N: 8 },
      { T: 9, N: 5 },
    ]);
    const runs: number[][] = [];
    for (const device of [await openDevice({ backend: 'cpu' }), await webgpuDevice()]) {
      const trainer = await Trainer.create(regressor(), { device, optimizer: adam({ rate: 0.02 }), seed: 1 });
      const run = await lossesOf(trainer, source, 60);
      const { loss, count, measures } = await trainer.evaluate(source);
      expect(count).toBe(130);
      expect(loss).toBeLessThan(0.5 * run[0]);
      expect(measures.absoluteError).toBeLessThan(Math.sqrt(loss) + 1e-6);
      runs.push(run);
      trainer.dispose();
    }
    for (const [i, loss] of runs[0].entries()) expect(Math.abs(runs[1][i] - loss)).toBeLessThan(1e-4);
  });

  it('has parameters named by its modules, and continues from a checkpoint bit for bit', async () => {
    const device = await openDevice({ backend: 'cpu' });
    const kind = { kind: 'regressor', fromConfig: () => regressor() };
    const make = () => Trainer.create(regressor(), { device, optimizer: adam({ rate: 0.02 }), seed: 1 });
    const source = adding([{ T: 6, N: 8 }]);
    const whole = await make();
    expect(Object.keys(await whole.parameters())).toEqual([
      'rnn.weight_ih_l0',
      'rnn.weight_hh_l0',
      'rnn.bias_ih_l0',
      'rnn.bias_hh_l0',
      'head.weight',
      'head.bias',
    ]);
    const expected = await lossesOf(whole, source, 8);
    const half = await make();
    await lossesOf(half, source, 3);
    const bytes = await saveCheckpoint(half);
    const { resumeTrainer } = await import('../../src/index.js');
    const resumed = await resumeTrainer(readCheckpoint(bytes, [kind]), device);
    expect(await lossesOf(resumed, source, 5)).toEqual(expected.slice(3));
    expect(() => readCheckpoint(bytes)).toThrow(/of a "regressor" model; known kinds are char-model/);
  });

  it('has exact gradients with dropout, several losses, attention and both directions', async () => {
    const device = await openDevice({ backend: 'reference', precision: 'double' });
    const fields = {
      x: { dtype: 'f32', shape: ['T', 'N', 2] },
      keys: { dtype: 'f32', shape: ['S', 'N', 3] },
      lengths: { dtype: 'u32', shape: ['N'] },
      y: { dtype: 'f32', shape: ['N', 1] },
      ids: { dtype: 'u32', shape: ['T', 'N'] },
    } as const;
    for (const kind of ['dot', 'general', 'additive'] as const) {
      const key = kind === 'dot' ? 8 : 3;
      const model = defineModel({
        kind: 'both',
        fields,
        modules: {
          rnn: nn.lstm({ input: 2, hidden: 4, bidirectional: true }),
          widen: nn.linear(3, key),
          attend: nn.attention(kind, { query: 8, key, hidden: 5 }),
          tags: nn.linear(8, 6),
          head: nn.linear(key, 1),
        },
        forward: ({ rnn, widen, attend, tags, head }, { x, keys, lengths }) => {
          const { y, last } = rnn(x);
          const { context } = attend(y.add(last.sum(0)), widen(keys).tanh(), { lengths });
          return { tags: tags(y), prediction: head(context.mean(0)) };
        },
        loss: (outputs, { y, ids }) =>
          losses
            .crossEntropy(outputs.tags, ids, { smoothing: 0.1 })
            .add(losses.huber(outputs.prediction, y, { delta: 0.3 })),
      });
      const [T, S, N] = [3, 4, 2];
      const number = (i: number): number => Math.sin(12.9898 * (i + 1));
      const arrays = {
        x: Float32Array.from({ length: T * N * 2 }, (_, i) => number(i)),
        keys: Float32Array.from({ length: S * N * 3 }, (_, i) => number(i + 50)),
        lengths: Uint32Array.of(2, 4),
        y: Float32Array.of(0.4, -0.8),
        ids: Uint32Array.of(1, 5, 0, 6, 3, 2),
      };
      const batch = { arrays, sizes: { T, S, N }, count: 7, epoch: 0, index: 0 };
      const source: Source<typeof fields> = {
        fields,
        fingerprint: 'one batch',
        loader: () => ({
          batchesPerEpoch: 1,
          next: () => batch,
          state: () => ({ order: 'one', seed: 0, epoch: 0, index: 0, batchesPerEpoch: 1 }),
          restore: () => undefined,
        }),
      };
      const trainer = await Trainer.create(model, { device, optimizer: sgd({ rate: 1 }), seed: 2 });
      const before = await trainer.parameters();
      await lossesOf(trainer, source, 1);
      const after = await trainer.parameters();
      for (const [name, { shape, data }] of Object.entries(before)) {
        const at = Math.floor(data.length / 2);
        const lossAt = async (by: number): Promise<number> => {
          const moved = Float32Array.from(data);
          moved[at] += by;
          await trainer.loadParameters({ ...before, [name]: { shape, data: moved } });
          return (await trainer.evaluate(source)).loss;
        };
        const gradient =
          ((await lossAt(0.01)) - (await lossAt(-0.01))) / (2 * (Math.fround(data[at] + 0.01) - data[at]));
        expect(data[at] - after[name].data[at], `${kind} ${name}`).toBeCloseTo(gradient, 4);
      }
      trainer.dispose();
    }
  });
});

describe('a model by hand', () => {
  const fields = {
    ids: { dtype: 'u32', shape: ['T', 'N'] },
    next: { dtype: 'u32', shape: ['T', 'N'] },
  } as const;
  const V = 5;

  /** A table of logits by the previous symbol: one product less than any network. */
  class Bigrams implements Model<typeof fields> {
    readonly kind = 'bigrams';
    readonly config = {};
    readonly fields = fields;
    readonly layout = new ParameterLayout([{ name: 'table', shape: [V, V] }]);
    readonly baseline = Math.log(V);

    initialParameters(): Float32Array {
      return new Float32Array(this.layout.elements);
    }

    build({
      builder,
      parameters,
      fields: given,
      sizes: { T, N },
      mode,
      count,
    }: Parameters<Model<typeof fields>['build']>[0]) {
      const flat = (name: 'ids' | 'next') => builder.view(given[name], [T * N]);
      const { y: logits } = builder.apply(ops.gather, 'rows', { weight: parameters.table, ids: flat('ids') });
      const { loss } = builder.apply(
        ops.softmax_cross_entropy,
        'loss',
        { logits, targets: flat('next'), ...(count ? { count } : {}) },
        { gradient: mode === 'train' },
      );
      return { outputs: { logits }, losses: [loss] };
    }
  }

  const source: Source<typeof fields> = {
    fields,
    fingerprint: 'a cycle',
    loader: ({ batch: N = 3 } = {}) => ({
      batchesPerEpoch: 1,
      next: () => {
        const ids = Uint32Array.from({ length: 4 * N }, (_, i) => i % V);
        return {
          arrays: { ids, next: ids.map((id) => (id + 1) % V) },
          sizes: { T: 4, N },
          count: 4 * N,
          epoch: 0,
          index: 0,
        };
      },
      state: () => ({ order: 'cycle', seed: 0, epoch: 0, index: 0, batchesPerEpoch: 1 }),
      restore: () => undefined,
    }),
  };

  it('trains, and its smooth loss starts at its baseline', async () => {
    const trainer = await Trainer.create(new Bigrams(), {
      device: await webgpuDevice(),
      optimizer: sgd({ rate: 50 }),
      batch: 4,
    });
    expect(trainer.baseline).toBeCloseTo(Math.log(V), 12);
    const found = await lossesOf(trainer, source, 20);
    expect(found[0]).toBeCloseTo(Math.log(V), 5);
    expect(found[19]).toBeLessThan(0.1);
    await expect(trainer.sample()).rejects.toThrow('A bigrams model does not write');
    expect((await trainer.gradientFlow(source)).layers).toEqual([]);
    trainer.dispose();
  });
});

describe('errors name the field that does not fit', () => {
  const make = async (device?: Device): Promise<Trainer<Model<typeof FIELDS>>> =>
    Trainer.create(regressor(), {
      device: device ?? (await openDevice({ backend: 'cpu' })),
      optimizer: sgd(),
    });
  const source = adding([{ T: 6, N: 8 }]);
  const with_ = (change: Partial<Record<keyof Source, unknown>>): Source<typeof FIELDS> =>
    ({ ...source, ...change }) as Source<typeof FIELDS>;
  const batchWith = (change: (batch: Batch<typeof FIELDS>) => object): Source<typeof FIELDS> => ({
    ...source,
    loader: () => {
      const loader = source.loader();
      return { ...loader, next: () => change(loader.next() as Batch<typeof FIELDS>) as Batch<typeof FIELDS> };
    },
  });

  it.each<[string, Source<typeof FIELDS>, RegExp]>([
    [
      'a source without a field',
      with_({ fields: { x: FIELDS.x } }),
      /^The model reads "y" as Float32Array \[N,1\], but the source has x\.$/,
    ],
    [
      'a field of another type',
      with_({ fields: { ...FIELDS, x: { dtype: 'u32', shape: ['T', 'N', 2] } } }),
      /^The model reads "x" as Float32Array \[T,N,2\], but the source has it as Uint32Array \[T,N,2\]\.$/,
    ],
    [
      'a field of another shape',
      with_({ fields: { ...FIELDS, x: { dtype: 'f32', shape: ['T', 'N', 3] } } }),
      /^The model reads "x" as Float32Array \[T,N,2\], but the source has it as Float32Array \[T,N,3\]\.$/,
    ],
    [
      'a text instead of a source',
      'abc' as unknown as Source<typeof FIELDS>,
      /^source: expected a corpus, such as .*, or an object with fields and loader\(\), got "abc"\.$/,
    ],
    [
      'a batch without an array',
      batchWith((batch) => ({ ...batch, arrays: { x: batch.arrays.x } })),
      /^The batch has no array "y" as Float32Array \[N,1\]; it has "x"\.$/,
    ],
    [
      'an array of another type',
      batchWith((batch) => ({ ...batch, arrays: { ...batch.arrays, y: [1, 2, 3] } })),
      /^The model reads "y" as Float32Array \[N,1\], but the batch has Array\.$/,
    ],
    [
      'an array of another length',
      batchWith((batch) => ({ ...batch, arrays: { ...batch.arrays, y: new Float32Array(7) } })),
      /^The model reads "y" as Float32Array \[N,1\] = \[8,1\], which is 8 elements, but the batch has 7\.$/,
    ],
    [
      'a count that is no number',
      batchWith((batch) => ({ ...batch, count: NaN })),
      /count of a batch's targets must be a number from 0/,
    ],
    [
      'a letter without a size',
      batchWith((batch) => ({ ...batch, sizes: { T: 6 } })),
      /Dimension N of "N" has no value/,
    ],
  ])('%s', async (_, wrong, message) => {
    const trainer = await make();
    await expect(lossesOf(trainer, wrong, 1)).rejects.toThrow(message);
    // The trainer still works with the right source.
    expect(await lossesOf(trainer, source, 1)).toHaveLength(1);
    trainer.dispose();
  });

  it('errors name modules and shapes inside a model', async () => {
    const device = await openDevice({ backend: 'cpu' });
    const stray = nn.linear(2, 1);
    const models: [Model<typeof FIELDS>, RegExp][] = [
      [
        defineModel({
          kind: 'stray',
          fields: FIELDS,
          modules: { head: nn.linear(2, 1) },
          forward: (_, { x }) => ({ prediction: stray(x.sum(0)) }),
          loss: ({ prediction }, { y }) => losses.mse(prediction, y),
        }),
        /not among the modules of its model/,
      ],
      [
        defineModel({
          kind: 'wide',
          fields: FIELDS,
          modules: { head: nn.linear(3, 1) },
          forward: ({ head }, { x }) => ({ prediction: head(x.sum(0)) }),
          loss: ({ prediction }, { y }) => losses.mse(prediction, y),
        }),
        /^linear: expected 3 features in the last axis, got \[8,2\]\.$/,
      ],
      [
        defineModel({
          kind: 'uneven',
          fields: FIELDS,
          modules: { head: nn.linear(2, 2) },
          forward: ({ head }, { x }) => ({ prediction: head(x.sum(0)) }),
          loss: ({ prediction }, { y }) => losses.mse(prediction, y),
        }),
        /^squared_error: targets must have the shape of the predictions, \[8,2\], but they are \[8,1\]/,
      ],
    ];
    const ownWith = (change: object): Model<typeof FIELDS> =>
      defineModel({
        kind: 'own',
        fields: FIELDS,
        modules: { head: nn.linear(2, 1) },
        forward: ({ head }, { x }) => ({ prediction: head(x.sum(0)) }),
        loss: ({ prediction }, { y }) => losses.mse(prediction, y),
        ...change,
      });
    const returned: [unknown, RegExp][] = [
      [undefined, /^forward of the model "own" must return its outputs by name, .* but there is no output/],
      [{}, /^forward of the model "own" must .* but there is no output/],
      [{ prediction: 3 }, /^forward of the model "own" must .* but "prediction" is not a tensor/],
    ];
    for (const [value, message] of returned) {
      const trainer = await Trainer.create(ownWith({ forward: () => value }), { device, optimizer: sgd() });
      await expect(lossesOf(trainer, source, 1)).rejects.toThrow(message);
      trainer.dispose();
    }
    expect(() => ownWith({ inputs: ['z'] })).toThrow(
      /^The inputs of the model "own" name "z", but its fields are x, y\.$/,
    );
    const measured = await Trainer.create(regressor(['q']), { device, optimizer: sgd() });
    await expect(measured.evaluate(source)).rejects.toThrow(
      /^output: expected one of the model's outputs prediction, got "q"/,
    );
    measured.dispose();
    const told = await Trainer.create(
      ownWith({ measured: ['prediction'], measure: () => ({ error: 'small' }) }),
      {
        device,
        optimizer: sgd(),
      },
    );
    await expect(told.evaluate(source)).rejects.toThrow(
      /^The measure "error" must be a number, or \{ sums, result \}, but "small" came\.$/,
    );
    told.dispose();
    for (const [model, message] of models) {
      const trainer = await Trainer.create(model, { device, optimizer: sgd() });
      await expect(lossesOf(trainer, source, 1)).rejects.toThrow(message);
      await expect(lossesOf(trainer, source, 1)).rejects.toThrow(ShapeError);
      trainer.dispose();
    }
    expect(() =>
      defineModel({
        kind: 'empty',
        fields: FIELDS,
        modules: {},
        forward: () => ({}),
        loss: () => losses.mse as never,
      }),
    ).toThrow(DataError);
  });
});
