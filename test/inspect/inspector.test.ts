import { describe, expect, it } from 'vitest';
import {
  adam,
  charModel,
  Corpus,
  Inspector,
  openDevice,
  readCheckpoint,
  RecurrentLayers,
  saveCheckpoint,
  Trainer,
  type CharModelOptions,
  type Connectivity,
  type Device,
  type Inspection,
  type StateDict,
} from '../../src/index.js';
import { type CharModel, scoreUnits, CELLS } from '../../src/graph.js';
import { webgpuDevice } from '../support/devices.js';

const corpus = Corpus.fromText('abc "cab" bca "acb".\n'.repeat(20));
const V = corpus.vocabulary.size;
const H = 6;
const text = ['cab "bca" ab?c.', '(abc)'].join('\n');
const ids = Array.from(corpus.vocabulary.encode(text).ids);

const double = (): Promise<Device> => openDevice({ backend: 'reference', precision: 'double' });

async function make(
  device: Device,
  options: Omit<CharModelOptions, 'vocabulary'> = {},
): Promise<Trainer<CharModel>> {
  const model = charModel({
    vocabulary: corpus.vocabulary,
    hidden: H,
    init: { kind: 'uniform', bound: 0.9 },
    ...options,
  });
  return Trainer.create(model, { device, batch: 2, time: 5, optimizer: adam(), seed: 4 });
}

const inspectorOf = (trainer: Trainer<CharModel>): Inspector =>
  new Inspector(trainer.model, trainer.device, trainer.memory);

/** One-hot vectors [T,V] of the text, an unknown symbol as zeros. */
const oneHot = (): Float32Array =>
  Float32Array.from({ length: ids.length * V }, (_, i) => Number(ids[Math.floor(i / V)] === i % V));

/** The model's layers on their own, with its weights. */
async function layersOf(trainer: Trainer<CharModel>, weights: StateDict): Promise<RecurrentLayers> {
  const { cell, layers, hidden, nonlinearity, reset, biases } = trainer.model.config;
  const stack = await RecurrentLayers.create({
    device: trainer.device,
    input: V,
    hidden,
    layers,
    cell,
    nonlinearity,
    reset,
    biases,
    batch: 1,
    time: ids.length,
  });
  await stack.load(
    Object.fromEntries(
      Object.entries(weights).flatMap(([name, value]) =>
        name.startsWith('rnn.') ? [[name.slice(4), value]] : [],
      ),
    ),
  );
  return stack;
}

/** log p of every symbol after step t, from the outputs of the last layer. */
function logProbabilities(weights: StateDict, y: ArrayLike<number>, t: number): number[] {
  const [weight, bias] = [weights['head.weight'].data, weights['head.bias'].data];
  const logits = Array.from({ length: V }, (_, v) =>
    Array.from({ length: H }, (_, j) => weight[v * H + j] * y[t * H + j]).reduce((a, b) => a + b, bias[v]),
  );
  const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
  return logits.map((logit) => logit - total);
}

describe.each(CELLS)('Inspector with the cell %s', (cell) => {
  it('activations equal the trace of the separate layers, and predictions follow from them', async () => {
    const trainer = await make(await double(), { cell, layers: 2 });
    const inspector = inspectorOf(trainer);
    const { symbols, hidden, layers, likeliest, next } = await inspector.inspect(text, { likeliest: 3 });
    expect(symbols).toEqual([...text]);
    expect(hidden).toBe(H);
    const weights = await trainer.parameters();
    const alone = await layersOf(trainer, weights);
    const { trace, y } = await alone.forward(oneHot(), {}, { trace: true });
    for (const [l, activations] of layers.entries()) {
      expect(Object.keys(activations).sort()).toEqual(Object.keys(trace[l][0]).sort());
      for (const [name, values] of Object.entries(activations)) {
        expect(values).toHaveLength(ids.length * H);
        for (const [i, value] of values.entries())
          expect(Math.abs(value - trace[l][0][name][i])).toBeLessThan(1e-6);
      }
    }
    for (let t = 0; t < ids.length; t++) {
      const logs = logProbabilities(weights, y, t);
      const order = logs.map((_, v) => v).sort((a, b) => logs[b] - logs[a]);
      expect(likeliest[t].map(({ symbol }) => symbol)).toEqual(
        order.slice(0, 3).map((v) => corpus.vocabulary.symbols[v]),
      );
      for (const [k, { probability }] of likeliest[t].entries())
        expect(probability).toBeCloseTo(Math.exp(logs[order[k]]), 5);
      if (t + 1 === ids.length || ids[t + 1] === V) expect(next[t]).toBeNaN();
      else expect(next[t]).toBeCloseTo(Math.exp(logs[ids[t + 1]]), 5);
    }
    inspector.dispose();
    alone.dispose();
    trainer.dispose();
  });

  it('connectivity equals the norm of central differences with respect to one-hot vectors', async () => {
    const trainer = await make(await double(), { cell, layers: cell === 'lstm' ? 2 : 1 });
    const inspector = inspectorOf(trainer);
    const weights = await trainer.parameters();
    const alone = await layersOf(trainer, weights);
    const position = 7;
    const symbol = 'c';
    const { norms, ...rest } = await inspector.connectivity(text, position, { symbol });
    expect(rest).toEqual({ position, symbol });
    expect(norms).toHaveLength(position + 1);
    const target = corpus.vocabulary.symbols.indexOf(symbol);
    const x = oneHot();
    const epsilon = 1e-2; // inputs and outputs are in single precision
    for (const t of [0, 3, position]) {
      const gradient: number[] = [];
      for (let v = 0; v < V; v++) {
        const at = async (by: number): Promise<number> => {
          const moved = x.slice();
          moved[t * V + v] += by;
          return logProbabilities(weights, (await alone.forward(moved)).y, position)[target];
        };
        gradient.push(((await at(epsilon)) - (await at(-epsilon))) / (2 * epsilon));
      }
      expect(norms[t]).toBeGreaterThan(0);
      expect(Math.abs(norms[t] - Math.hypot(...gradient))).toBeLessThan(2e-3 * Math.max(...norms));
    }
    const actual = await inspector.connectivity(text, position);
    expect(actual.symbol).toBe(text[position + 1]);
    expect(actual.norms).not.toEqual(norms);
    inspector.dispose();
    alone.dispose();
    trainer.dispose();
  });
});

it.each([
  { embedding: 4, dropout: 0.5, layers: 2, cell: 'gru' },
  { initialState: 'learned', cell: 'lstm' },
  { cell: 'minlstm' },
] as const)('a model with %o says the same on cpu and webgpu', async (options) => {
  const [cpu, webgpu] = [
    await lookInside(await openDevice({ backend: 'cpu' }), options),
    await lookInside(await webgpuDevice(), options),
  ];
  for (const [l, activations] of cpu.layers.entries()) {
    for (const [name, values] of Object.entries(activations))
      for (const [i, value] of values.entries()) expect(webgpu.layers[l][name][i]).toBeCloseTo(value, 4);
  }
  for (const [t, norm] of cpu.norms.entries()) expect(webgpu.norms[t]).toBeCloseTo(norm, 4);
  for (const [t, probability] of cpu.next.entries())
    if (!Number.isNaN(probability)) expect(webgpu.next[t]).toBeCloseTo(probability, 4);
});

it('a model of general ops has the same inspection as one of fused ops', async () => {
  const device = await openDevice({ backend: 'cpu' });
  expect(await lookInside(device, { form: 'general' })).toEqual(await lookInside(device, { form: 'fused' }));
});

async function lookInside(
  device: Device,
  options: Omit<CharModelOptions, 'vocabulary'>,
): Promise<Inspection & Connectivity> {
  const trainer = await make(device, options);
  const inspector = inspectorOf(trainer);
  const seen = { ...(await inspector.inspect(text)), ...(await inspector.connectivity(text, 5)) };
  inspector.dispose();
  trainer.dispose();
  return seen;
}

it('inspections between training steps change neither losses nor states', async () => {
  const run = async (look: boolean): Promise<unknown> => {
    const trainer = await make(await openDevice({ backend: 'cpu' }), { cell: 'lstm' });
    const inspector = inspectorOf(trainer);
    const losses: number[] = [];
    for (let i = 0; i < 4; i++) {
      for await (const { loss } of trainer.run(corpus, { steps: 2 })) losses.push(loss);
      if (!look) continue;
      // Longer and shorter texts, several at once.
      await Promise.all([
        inspector.inspect(text),
        inspector.connectivity(text.repeat(3), 42),
        inspector.inspect(text.repeat(1 + i)),
      ]);
    }
    const { parameters, optimizer, states } = readCheckpoint(await saveCheckpoint(trainer));
    inspector.dispose();
    trainer.dispose();
    return { losses, parameters, optimizer, states };
  };
  expect(await run(true)).toEqual(await run(false));
});

it('the inspection of a text does not depend on the text after it', async () => {
  const trainer = await make(await openDevice({ backend: 'cpu' }), { cell: 'gru' });
  const inspector = inspectorOf(trainer);
  const [short, long] = [await inspector.inspect(text), await inspector.inspect(text.repeat(4))];
  expect(long.layers[0].h.subarray(0, short.layers[0].h.length)).toEqual(short.layers[0].h);
  expect(long.likeliest.slice(0, ids.length)).toEqual(short.likeliest);
  expect((await inspector.connectivity(text.repeat(4), 3)).norms).toEqual(
    (await inspector.connectivity(text, 3)).norms,
  );
  inspector.dispose();
  trainer.dispose();
});

it('a unit that follows quotation marks has the highest score', async () => {
  const device = await openDevice({ backend: 'cpu' });
  const trainer = await make(device, { cell: 'rnn' });
  const weights = await trainer.parameters();
  // Unit 2 hears quotation marks alone: with a strong weight to itself and against what it is, it
  // turns over at each of them.
  const quote = corpus.vocabulary.symbols.indexOf('"');
  const [input, recurrent] = [weights['rnn.weight_ih_l0'].data, weights['rnn.weight_hh_l0'].data];
  const [biasIn, biasRecurrent] = [weights['rnn.bias_ih_l0'].data, weights['rnn.bias_hh_l0'].data];
  const set = (values: typeof input, index: number, value: number): void =>
    void ((values as Float32Array)[index] = value);
  for (let v = 0; v < V; v++) set(input, 2 * V + v, 0);
  for (let j = 0; j < H; j++) set(recurrent, 2 * H + j, 0);
  for (const bias of [biasIn, biasRecurrent]) set(bias, 2, 0);
  set(recurrent, 2 * H + 2, 4);
  set(input, 2 * V + quote, 8);
  await trainer.loadParameters(weights);
  const inspector = inspectorOf(trainer);
  const open = 'abc "ab ca bac bca cab';
  const [best] = scoreUnits(await inspector.inspect(open));
  expect(best).toMatchObject({ layer: 0, unit: 2, feature: 'inside quotes' });
  expect(best.correlation).toBeGreaterThan(0.99);
  inspector.dispose();
  trainer.dispose();
});

it('wrong arguments are refused in one line', async () => {
  const trainer = await make(await openDevice({ backend: 'cpu' }));
  const inspector = inspectorOf(trainer);
  await expect(inspector.inspect('')).rejects.toThrow('There is nothing to inspect: the text is empty.');
  expect(() => inspector.inspect(text, { likeliest: 0 })).toThrow(
    'likeliest: expected a whole number of at least 1, got 0.',
  );
  await expect(inspector.connectivity(text, 99)).rejects.toThrow(
    `position: expected a position in the text of ${ids.length} symbols, from 0 to ${ids.length - 1}, ` +
      'got 99.',
  );
  await expect(inspector.connectivity(text, ids.length - 1)).rejects.toThrow('or the option symbol');
  await expect(inspector.connectivity(text, 0, { symbol: 'Q' })).rejects.toThrow(
    `symbol: expected one of the vocabulary's ${V} symbols, got "Q".`,
  );
  await expect(inspector.connectivity(text, text.indexOf('?') - 1)).rejects.toThrow('got "?"');
  expect((await inspector.connectivity(text, ids.length - 1, { symbol: 'a' })).norms).toHaveLength(
    ids.length,
  );
  expect((await inspector.inspect('x')).likeliest[0]).toHaveLength(5);
  inspector.dispose();
  trainer.dispose();
});
