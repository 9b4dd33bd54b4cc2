import { describe, expect, it } from 'vitest';
import {
  adam,
  charModel,
  Corpus,
  encoderDecoder,
  openDevice,
  readCheckpoint,
  saveCheckpoint,
  Trainer,
  type CharModelOptions,
  type Device,
  type GradientFlow,
  type StateDict,
} from '../../src/index.js';
import { copyMemory, taskModel } from '../../src/graph.js';
import { webgpuDevice } from '../support/devices.js';
import { raggedBatch } from '../support/tasks.js';

const double = (): Promise<Device> => openDevice({ backend: 'reference', precision: 'double' });

/**
 * A tiny network by hand: one-hot → cell → head → mean cross entropy, with `bump` added to one unit
 * of h after step `at`.
 */
function lossOf(
  cell: 'rnn' | 'lstm',
  w: StateDict,
  ids: ArrayLike<number>,
  targets: ArrayLike<number>,
  N: number,
  bump: { at: number; unit: number; by: number },
): number {
  const [V, H] = w['head.weight'].shape;
  const T = ids.length / N;
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
  let loss = 0;
  for (let n = 0; n < N; n++) {
    let h = new Array<number>(H).fill(0);
    let c = new Array<number>(H).fill(0);
    for (let t = 0; t < T; t++) {
      const row = (j: number): number => {
        let sum =
          w['rnn.weight_ih_l0'].data[j * V + ids[t * N + n]] +
          w['rnn.bias_ih_l0'].data[j] +
          w['rnn.bias_hh_l0'].data[j];
        for (let k = 0; k < H; k++) sum += w['rnn.weight_hh_l0'].data[j * H + k] * h[k];
        return sum;
      };
      if (cell === 'rnn') h = h.map((_, j) => Math.tanh(row(j)));
      else {
        c = c.map((old, j) => sigmoid(row(H + j)) * old + sigmoid(row(j)) * Math.tanh(row(2 * H + j)));
        h = c.map((value, j) => sigmoid(row(3 * H + j)) * Math.tanh(value));
      }
      if (t === bump.at) h = h.map((value, j) => (n * H + j === bump.unit ? value + bump.by : value));
      const logits = Array.from({ length: V }, (_, v) =>
        h.reduce((sum, value, k) => sum + value * w['head.weight'].data[v * H + k], w['head.bias'].data[v]),
      );
      const target = targets[t * N + n];
      loss += Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - logits[target];
    }
  }
  return loss / (T * N);
}

describe.each(['rnn', 'lstm'] as const)('norms of dL/dh_t of the cell %s', (cell) => {
  it('are equal to central differences', async () => {
    const [T, N, H] = [4, 2, 3];
    const corpus = Corpus.fromText('abcacbaacbbcabcabcbabcacba');
    const model = charModel({
      vocabulary: corpus.vocabulary,
      cell,
      hidden: H,
      init: { kind: 'uniform', bound: 0.9 },
    });
    const trainer = await Trainer.create(model, {
      device: await double(),
      batch: N,
      time: T,
      optimizer: adam(),
      seed: 5,
    });
    const [inputs, targets] = [
      Uint32Array.from([0, 1, 2, 0, 1, 1, 2, 0]),
      Uint32Array.from([2, 0, 1, 1, 0, 2, 2, 1]),
    ];
    const arrays = { inputs, targets, keep: new Float32Array(N) };
    const { layers } = await trainer.gradientFlow({
      arrays,
      sizes: { T, N },
      count: T * N,
      epoch: 0,
      index: 0,
    });
    const weights = await trainer.parameters();
    const epsilon = 1e-4;
    for (let at = 0; at < T; at++) {
      const gradients = Array.from({ length: N * H }, (_, unit) => {
        const loss = (by: number): number => lossOf(cell, weights, inputs, targets, N, { at, unit, by });
        return (loss(epsilon) - loss(-epsilon)) / (2 * epsilon);
      });
      expect(layers[0].norms[at]).toBeCloseTo(Math.hypot(...gradients), 6);
    }
    trainer.dispose();
  });
});

const SYMBOLS = 4;
const task = copyMemory({ symbols: SYMBOLS, delay: 24 });

async function flowOf(options: Omit<CharModelOptions, 'vocabulary'>, device: Device): Promise<GradientFlow> {
  const model = taskModel({ vocabulary: task.vocabulary, hidden: 32, ...options });
  const trainer = await Trainer.create(model, {
    device,
    batch: 16,
    time: task.time,
    optimizer: adam(),
    clip: { norm: 0.05 },
    seed: 1,
  });
  const flow = await trainer.gradientFlow(task);
  trainer.dispose();
  return flow;
}

/** The ratio of the norms at the first and the last step. */
const arrived = ({ layers: [{ norms }] }: GradientFlow): number => norms[0] / norms[norms.length - SYMBOLS];

it(
  'over the gap of copy memory a tanh RNN loses its gradient, but an LSTM with a large forget bias ' +
    'and a relu RNN with identity weights keep it',
  async () => {
    const device = await openDevice({ backend: 'cpu' });
    const rnn = arrived(await flowOf({ cell: 'rnn' }, device));
    const lstm = arrived(
      await flowOf(
        { cell: 'lstm', init: { kind: 'glorot', recurrent: 'orthogonal', forgetBias: 5 } },
        device,
      ),
    );
    const identity = arrived(
      await flowOf(
        { cell: 'rnn', nonlinearity: 'relu', init: { kind: 'glorot', recurrent: 'identity' } },
        device,
      ),
    );
    console.info(
      `share of the gradient that arrives ${task.time - SYMBOLS} steps back: tanh RNN ` +
        `${rnn.toExponential(1)}, LSTM ${lstm.toFixed(3)}, relu RNN from identity ${identity.toFixed(3)}`,
    );
    expect(rnn).toBeLessThan(1e-4);
    expect(lstm).toBeGreaterThan(0.01);
    expect(identity).toBeGreaterThan(0.1);
  },
);

it('every layer and direction has a norm for each step; cpu and webgpu agree', async () => {
  const options = { cell: 'gru', layers: 2, bidirectional: true, dropout: 0.3 } as const;
  const [cpu, webgpu] = [
    await flowOf(options, await openDevice({ backend: 'cpu' })),
    await flowOf(options, await webgpuDevice()),
  ];
  expect(cpu.layers.map(({ layer, direction, norms }) => [layer, direction, norms.length])).toEqual([
    [0, 'forward', 32],
    [0, 'reverse', 32],
    [1, 'forward', 32],
    [1, 'reverse', 32],
  ]);
  for (const [i, { norms }] of cpu.layers.entries()) {
    const scale = Math.max(...norms);
    for (const [t, norm] of norms.entries())
      expect(Math.abs(webgpu.layers[i].norms[t] - norm) / scale).toBeLessThan(1e-4);
  }
});

it('clips by norm, then by value; the norm is that of the next step', async () => {
  const device = await double();
  const corpus = Corpus.fromText('the quick brown fox jumps over the lazy dog. '.repeat(5));
  const model = charModel({ vocabulary: corpus.vocabulary, hidden: 8, layers: 2, cell: 'gru' });
  const trainer = await Trainer.create(model, {
    device,
    batch: 2,
    time: 5,
    optimizer: adam(),
    clip: { norm: 0.2, value: 0.01 },
    seed: 2,
  });
  const state = async (): Promise<unknown> => {
    const { parameters, optimizer, states } = readCheckpoint(await saveCheckpoint(trainer));
    return { parameters, optimizer, states };
  };
  const before = await state();
  const flow = await trainer.gradientFlow(corpus);
  expect(await state()).toEqual(before);
  const reports = [];
  for await (const report of trainer.run(corpus, { steps: 3 })) reports.push(report);
  expect(flow.norm).toBeCloseTo(reports[0].gradientNorm, 6);
  expect(flow.norm).toBeGreaterThan(0.2);
  expect(Math.hypot(...flow.parameters.map(({ norm }) => norm))).toBeCloseTo(flow.norm, 9);
  expect(flow.clipped).toBeLessThan(0.2);
  expect(flow.parameters.map(({ name }) => name)).toEqual(Object.keys(await trainer.parameters()));
  for (const { norm, clipped } of flow.parameters) expect(clipped).toBeLessThanOrEqual(norm);
  // During a run, carried states and position matter: the next step has the reported norm.
  const told = await trainer.gradientFlow(corpus);
  for await (const { gradientNorm } of trainer.run(corpus, { steps: 1 }))
    expect(told.norm).toBeCloseTo(gradientNorm, 6);
  trainer.dispose();
});

it('has the steps of the source for an encoder, and fewer in upper layers of a pyramidal stack', async () => {
  const ids = { symbols: 6, embedding: 3 };
  const model = encoderDecoder({
    source: ids,
    target: ids,
    hidden: 4,
    layers: 2,
    pyramidal: true,
    bidirectional: true,
    attention: 'dot',
    merge: 'sum',
  });
  const batch = raggedBatch(model, { T: 3, S: 7, N: 2 }, { source: 6, previous: 6, targets: 6 });
  const trainer = await Trainer.create(model, { device: await double(), optimizer: adam() });
  const { layers, norm } = await trainer.gradientFlow(batch as never);
  expect(layers.map(({ layer, direction, norms }) => [layer, direction, norms.length])).toEqual([
    [0, 'forward', 7],
    [0, 'reverse', 7],
    [1, 'forward', 4],
    [1, 'reverse', 4],
  ]);
  expect(norm).toBeGreaterThan(0);
  // Every step is read by a target, so no gradient is zero or only rounding errors.
  for (const { norms } of layers) for (const each of norms) expect(each).toBeGreaterThan(0);
  trainer.dispose();
});
