import { describe, expect, it } from 'vitest';
import {
  adam,
  charModel,
  Corpus,
  loadCheckpoint,
  openDevice,
  saveCheckpoint,
  Trainer,
  type CharModelOptions,
  type Device,
} from '../../src/index.js';
import { differentiate, GraphBuilder, ops } from '../../src/graph.js';
import { taskModel, type CharModel } from '../../src/text/char-model.js';
import { PARAMETERS, type StateDict } from '../../src/layers/parameters.js';
import { readSafetensors, writeSafetensors } from '../../src/io/safetensors.js';
import { compareArrays, FLOOR } from '../../src/verify/compare.js';
import { webgpuDevice } from '../support/devices.js';
import { normals } from '../support/layers.js';

const corpus = Corpus.fromText('The cat sat on the mat, and the dog on the log. '.repeat(20));
const { vocabulary } = corpus;
const V = vocabulary.size;
const [T, N] = [4, 2];
const ids = Uint32Array.from({ length: T * N }, (_, i) => (i * 5) % (V + 1));

/**
 * Runs windows one after another.
 * @returns the logits of each, and dL/dparameters of the last for a given upstream gradient
 */
async function run(
  model: CharModel,
  device: Device,
  weights: StateDict,
  keeps: readonly (readonly number[])[],
  lengths?: readonly number[],
): Promise<{ logits: Float32Array[]; gradients: StateDict }> {
  const g = new GraphBuilder();
  const parameters = model.layout.declare(g);
  const inputs = {
    ids: g.tensor('input', 'ids', [T * N], 'u32'),
    keep: g.tensor('input', 'keep', [N]),
    ...(lengths ? { lengths: g.tensor('input', 'lengths', [N], 'u32') } : {}),
  };
  const logits = model.apply(g, parameters, { T, N }, inputs, 'train');
  const copy = g.apply(ops.slice, 'copy', { x: logits, y: g.tensor('output', 'logits', [T * N, V]) }).y;
  const targets = { [PARAMETERS]: g.tensor('output', 'gradients', [model.layout.elements]) };
  differentiate(g, {
    ops,
    wanted: Object.values(parameters),
    upstream: { [copy.name]: g.tensor('input', 'upstream', [T * N, V]) },
    targets,
  });
  const memory = await device.createMemory();
  const program = await device.prepare(g.graph, memory);
  await memory.write(PARAMETERS, model.layout.pack(weights));
  await program.write('ids', ids);
  await program.write('upstream', normals(8, T * N * V));
  if (lengths) await program.write('lengths', Uint32Array.from(lengths));
  const all: Float32Array[] = [];
  for (const keep of keeps) {
    await program.write('keep', Float32Array.from(keep));
    await program.submit([{}]);
    all.push((await program.read('logits')) as Float32Array);
  }
  const gradients = model.layout.unpack(await program.read('gradients'));
  program.dispose();
  memory.dispose();
  return { logits: all, gradients };
}

function weightsOf(
  model: CharModel,
  seed = 1,
): Record<string, { shape: readonly number[]; data: Float32Array }> {
  const arena = model.layout.pack(
    Object.fromEntries(
      model.layout.specs.map(({ name, shape }, i) => [
        name,
        {
          shape,
          data: normals(
            seed + i,
            shape.reduce((p, s) => p * s, 1),
            0.4,
          ),
        },
      ]),
    ),
  );
  return model.layout.unpack(arena);
}

const build = (options: Partial<CharModelOptions>): CharModel =>
  taskModel({ vocabulary, hidden: 5, ...options });

describe('parameters of a character model', () => {
  const shapes = (options: Partial<CharModelOptions>): Record<string, string> =>
    Object.fromEntries(build(options).layout.specs.map(({ name, shape }) => [name, shape.join('x')]));

  it('have the names and shapes of torch modules', () => {
    expect(shapes({ cell: 'lstm', embedding: 3, layers: 2 })).toEqual({
      'embedding.weight': `${V}x3`,
      'rnn.weight_ih_l0': '20x3',
      'rnn.weight_hh_l0': '20x5',
      'rnn.bias_ih_l0': '20',
      'rnn.bias_hh_l0': '20',
      'rnn.weight_ih_l1': '20x5',
      'rnn.weight_hh_l1': '20x5',
      'rnn.bias_ih_l1': '20',
      'rnn.bias_hh_l1': '20',
      'head.weight': `${V}x5`,
      'head.bias': `${V}`,
    });
    expect(shapes({ cell: 'gru', bidirectional: true, initialState: 'learned', biases: 'none' })).toEqual({
      'rnn.weight_ih_l0': `15x${V}`,
      'rnn.weight_hh_l0': '15x5',
      'rnn.h0_l0': '5',
      'rnn.weight_ih_l0_reverse': `15x${V}`,
      'rnn.weight_hh_l0_reverse': '15x5',
      'rnn.h0_l0_reverse': '5',
      'head.weight': `${V}x10`,
    });
    expect(shapes({ cell: 'minlstm' })).toEqual({
      'rnn.weight_ih_l0': `15x${V}`,
      'rnn.bias_ih_l0': '15',
      'head.weight': `${V}x5`,
      'head.bias': `${V}`,
    });
  });

  it('an embedding of one-hot vectors gives the logits and gradients of none', async () => {
    const device = await openDevice({ backend: 'reference', precision: 'double' });
    const [plain, embedded] = [
      build({ cell: 'gru', layers: 2 }),
      build({ cell: 'gru', layers: 2, embedding: V }),
    ];
    const weights = weightsOf(plain);
    const identity = Float32Array.from({ length: V * V }, (_, i) => (i % (V + 1) === 0 ? 1 : 0));
    const keeps = [
      [0, 0],
      [1, 0],
    ];
    const expected = await run(plain, device, weights, keeps);
    const got = await run(
      embedded,
      device,
      { ...weights, 'embedding.weight': { shape: [V, V], data: identity } },
      keeps,
    );
    for (const [i, logits] of expected.logits.entries())
      expect(compareArrays(got.logits[i], logits, FLOOR.output).error).toBeLessThan(1e-6);
    for (const [name, { data }] of Object.entries(expected.gradients))
      expect(compareArrays(got.gradients[name].data, data, FLOOR.gradient).error, name).toBeLessThan(1e-6);
  });
});

describe('states', () => {
  it('h and c are carried from window to window if keep is 1, and start again if it is 0', async () => {
    const device = await openDevice({ backend: 'cpu' });
    const model = build({ cell: 'lstm', layers: 2 });
    expect(Object.keys(model.states)).toEqual(['h_l0', 'h_l1', 'c_l0', 'c_l1']);
    const { logits } = await run(model, device, weightsOf(model), [
      [0, 0],
      [1, 0],
      [0, 0],
    ]);
    const row = (values: Float32Array, n: number): number[] =>
      Array.from(values).filter((_, i) => Math.floor(i / V) % N === n);
    expect(row(logits[1], 0)).not.toEqual(row(logits[0], 0));
    expect(row(logits[1], 1)).toEqual(row(logits[0], 1));
    expect(logits[2]).toEqual(logits[0]);
  });

  it('rows start from learned states', async () => {
    const device = await openDevice({ backend: 'cpu' });
    const model = build({ cell: 'lstm', initialState: 'learned' });
    const weights = weightsOf(model);
    const { logits, gradients } = await run(model, device, weights, [[0, 0]]);
    const zero = { shape: [5], data: new Float32Array(5) };
    const { logits: without } = await run(
      model,
      device,
      { ...weights, 'rnn.h0_l0': zero, 'rnn.c0_l0': zero },
      [[0, 0]],
    );
    expect(logits[0]).not.toEqual(without[0]);
    for (const name of ['rnn.h0_l0', 'rnn.c0_l0'])
      expect(Array.from(gradients[name].data).some((value) => value !== 0)).toBe(true);
    const { logits: plain } = await run(
      build({ cell: 'lstm' }),
      device,
      Object.fromEntries(Object.entries(weights).filter(([name]) => !name.includes('0_l0'))),
      [[0, 0]],
    );
    expect(without).toEqual(plain);
  });

  it('the backward direction of a task carries none', async () => {
    const device = await openDevice({ backend: 'cpu' });
    const model = build({ cell: 'gru', bidirectional: true });
    expect(Object.keys(model.states)).toEqual(['h_l0']);
    const { logits } = await run(
      model,
      device,
      weightsOf(model),
      [
        [0, 0],
        [0, 0],
      ],
      [4, 2],
    );
    expect(logits[1]).toEqual(logits[0]);
    // After the end of a row the logits are the biases of the head.
    const bias = weightsOf(model)['head.bias'].data;
    for (const t of [2, 3]) for (let v = 0; v < V; v++) expect(logits[0][(t * N + 1) * V + v]).toBe(bias[v]);
  });
});

describe('lengths', () => {
  /** Summed loss of a window from zero states, and its gradient. */
  async function lossOf(
    model: CharModel,
    device: Device,
    window: { T: number; N: number },
    ids: readonly number[],
    targets: readonly number[],
    lengths?: readonly number[],
  ): Promise<{ loss: number; gradients: number[] }> {
    const g = new GraphBuilder();
    const parameters = model.layout.declare(g);
    const elements = window.T * window.N;
    const inputs = {
      ids: g.tensor('input', 'ids', [elements], 'u32'),
      keep: g.tensor('input', 'keep', [window.N]),
      ...(lengths ? { lengths: g.tensor('input', 'lengths', [window.N], 'u32') } : {}),
    };
    const logits = model.apply(g, parameters, window, inputs, 'train');
    g.apply(
      ops.softmax_cross_entropy,
      'loss',
      {
        logits,
        targets: g.tensor('input', 'targets', [elements], 'u32'),
        loss: g.tensor('output', 'losses', [elements]),
      },
      {},
    );
    differentiate(g, {
      ops,
      wanted: Object.values(parameters),
      targets: { [PARAMETERS]: g.tensor('output', 'gradients', [model.layout.elements]) },
    });
    const memory = await device.createMemory();
    const program = await device.prepare(g.graph, memory);
    await memory.write(PARAMETERS, model.layout.pack(weightsOf(model)));
    await program.write('ids', Uint32Array.from(ids));
    await program.write('targets', Uint32Array.from(targets));
    if (lengths) await program.write('lengths', Uint32Array.from(lengths));
    await program.submit([{}]);
    const [losses, gradients] = [
      Array.from((await program.read('losses')) as Float32Array),
      Array.from((await program.read('gradients')) as Float32Array),
    ];
    program.dispose();
    memory.dispose();
    return { loss: losses.reduce((sum, value) => sum + value, 0), gradients };
  }

  it.each([
    ['cpu', { cell: 'lstm', layers: 2, bidirectional: true }],
    ['webgpu', { cell: 'gru', layers: 2, embedding: 3 }],
    ['webgpu', { cell: 'rnn', bidirectional: true }],
    ['cpu', { cell: 'mingru', layers: 2 }],
  ] as const)(
    '%s: what stands behind a row’s end is in neither loss nor gradients: %o',
    async (backend, options) => {
      const device = backend === 'cpu' ? await openDevice({ backend }) : await webgpuDevice();
      const model = build(options);
      // Two rows of four and two symbols; V is no target.
      const ids = (padding: number): number[] => [1, 2, 3, 4, 5, padding, 6, padding];
      const targets = [3, 4, 5, 6, 6, V, 1, V];
      const padded = await lossOf(model, device, { T: 4, N: 2 }, ids(0), targets, [4, 2]);
      expect(await lossOf(model, device, { T: 4, N: 2 }, ids(7), targets, [4, 2])).toEqual(padded);
      const long = await lossOf(model, device, { T: 4, N: 1 }, [1, 3, 5, 6], [3, 5, 6, 1]);
      const short = await lossOf(model, device, { T: 2, N: 1 }, [2, 4], [4, 6]);
      expect(padded.loss).toBeCloseTo(long.loss + short.loss, 4);
      expect(
        Math.max(
          ...padded.gradients.map((value, i) => Math.abs(value - long.gradients[i] - short.gradients[i])),
        ),
      ).toBeLessThan(1e-5);
      expect(Math.max(...short.gradients.map(Math.abs))).toBeGreaterThan(0.1);
    },
  );
});

describe('options', () => {
  it('report whether training uses dropout', () => {
    expect(build({}).usesDropout).toBe(false);
    expect(build({ layers: 2, dropout: 0.1 }).usesDropout).toBe(true);
    expect(build({ recurrentDropout: 0.1 }).usesDropout).toBe(true);
  });

  it.each([
    [{ bidirectional: true }, 'bidirectional: expected false for a model of the next symbol'],
    [{ embedding: -1 }, 'embedding: expected a whole number of at least 0, got -1.'],
    [{ embeding: 3 }, 'model.embeding: expected one of the options vocabulary, cell,'],
    [{ cell: 'gru', layers: 2, dropout: 1 }, 'dropout: expected a number from 0 to below 1, got 1.'],
    [{ initialState: 'random' }, 'initialState: expected one of zero, learned, got "random".'],
  ])('%o is refused', (options, message) =>
    expect(() => charModel({ vocabulary, hidden: 5, ...(options as object) })).toThrow(message),
  );

  it('of a checkpoint from before they existed are the defaults', async () => {
    const device = await openDevice({ backend: 'cpu' });
    const trainer = await Trainer.create(charModel({ vocabulary, hidden: 4 }), {
      device,
      batch: 2,
      time: 5,
      optimizer: adam(),
    });
    const { tensors, metadata } = readSafetensors(await saveCheckpoint(trainer));
    const description = JSON.parse(metadata.unrolled) as {
      model: { kind: string; config: Record<string, unknown> };
    };
    const added = ['reset', 'dropout', 'recurrentDropout', 'bidirectional', 'embedding', 'initialState'];
    expect(added.filter((name) => name in description.model.config)).toEqual(added);
    description.model.config = Object.fromEntries(
      Object.entries(description.model.config).filter(([name]) => !added.includes(name)),
    );
    const older = await loadCheckpoint(
      writeSafetensors(tensors, { ...metadata, unrolled: JSON.stringify(description) }),
      { device },
    );
    expect(older.model.config).toEqual(trainer.model.config);
    expect(await older.parameters()).toEqual(await trainer.parameters());
  });

  it.each(['lstm', 'gru'] as const)(
    'train and sample a %s with all of them, and a checkpoint goes on alike',
    async (cell) => {
      const device = await openDevice({ backend: 'cpu' });
      const model = charModel({
        vocabulary,
        cell,
        hidden: 12,
        layers: 2,
        dropout: 0.2,
        recurrentDropout: 0.1,
        embedding: 6,
        initialState: 'learned',
      });
      const trainer = await Trainer.create(model, {
        device,
        batch: 4,
        time: 10,
        optimizer: adam({ rate: 2e-2 }),
        sampling: 'consecutive',
      });
      const losses: number[] = [];
      for await (const report of trainer.run(corpus, { steps: 60 })) losses.push(report.loss);
      expect(losses[59]).toBeLessThan(0.7 * losses[0]);
      expect([...(await trainer.sample({ prime: 'The ', length: 5 }))]).toHaveLength(5);
      const again = await loadCheckpoint(await saveCheckpoint(trainer), { device });
      for (const one of [trainer, again])
        for await (const report of one.run(corpus, { steps: 3 })) losses.push(report.loss);
      expect(losses.slice(63)).toEqual(losses.slice(60, 63));
    },
  );
});
