import { describe, expect, it } from 'vitest';
import {
  captioner,
  charModel,
  classifier,
  Corpus,
  defineModel,
  encoderDecoder,
  Inspector,
  losses,
  nn,
  openDevice,
  tagger,
  type Device,
  type EncoderDecoderOptions,
} from '../../src/index.js';
import {
  ModelInspector,
  parametersOnDevice,
  type LayerInspection,
  type ModelInspection,
  GATES,
} from '../../src/graph.js';
import type { CellKind } from '../../src/cells/facts.js';
import { predictionGraph } from '../../src/train/training-graph.js';
import { webgpuDevice } from '../support/devices.js';
import {
  allDifferent,
  batchOf,
  Bench,
  C,
  device,
  E,
  H,
  labels,
  LENGTHS,
  N,
  normals,
  S,
  T,
  type Arrays,
} from './support.js';

/** The state before a step, [H] of a row; zero before the first. */
function before(
  layer: LayerInspection,
  state: string,
  t: number,
  n: number,
  j: number,
  length: number,
): number {
  const past = layer.direction === 'forward' ? t - 1 : t + 1;
  return past < 0 || past >= length ? 0 : layer.activations[state][(past * N + n) * layer.hidden + j];
}

/** Gradients before the activations, by gate, from gates, states and the gradients of states. */
function gateGradients(
  cell: CellKind,
  layer: LayerInspection,
  [t, n, j]: readonly [number, number, number],
  length: number,
): Record<string, number> {
  const at = (t * N + n) * layer.hidden + j;
  const { activations: a, gradients } = layer;
  const dh = gradients?.h[at] ?? NaN;
  if (cell === 'rnn') return { h: dh * (1 - a.h[at] ** 2) };
  if (cell === 'gru') {
    const past = before(layer, 'h', t, n, j, length);
    return {
      z: dh * (past - a.n[at]) * a.z[at] * (1 - a.z[at]),
      n: dh * (1 - a.z[at]) * (1 - a.n[at] ** 2),
    };
  }
  if (cell === 'mingru') {
    const past = before(layer, 'h', t, n, j, length);
    return { z: dh * (a.candidate[at] - past) * a.z[at] * (1 - a.z[at]), h: dh * a.z[at] };
  }
  const dc = gradients?.c[at] ?? NaN;
  return {
    i: dc * a.g[at] * a.i[at] * (1 - a.i[at]),
    f: dc * before(layer, 'c', t, n, j, length) * a.f[at] * (1 - a.f[at]),
    g: dc * a.i[at] * (1 - a.g[at] ** 2),
    o: dh * Math.tanh(a.c[at]) * a.o[at] * (1 - a.o[at]),
  };
}

function layerOf(found: ModelInspection, module: string, l: number, direction = 'forward'): LayerInspection {
  const layer = found.layers.find(
    (each) => each.module === module && each.layer === l && each.direction === direction,
  );
  if (!layer) throw new Error(`no layer ${module} ${l} ${direction}`);
  return layer;
}

/** A decoder's layer with one step more before the others: what it starts from, or zero. */
function withStart(
  layer: LayerInspection,
  encoder: LayerInspection | undefined,
  lengths: readonly number[],
): LayerInspection {
  const longer = ([name, values]: readonly [string, Float32Array]): readonly [string, Float32Array] => {
    const whole = new Float32Array(values.length + N * H);
    whole.set(values, N * H);
    for (let n = 0; encoder && n < N; n++)
      for (let j = 0; j < H; j++)
        whole[n * H + j] = encoder.activations[name][((lengths[n] - 1) * N + n) * H + j];
    return [name, whole];
  };
  const all = (activations: LayerInspection['activations']): LayerInspection['activations'] =>
    Object.fromEntries(Object.entries(activations).map(longer));
  return {
    ...layer,
    activations: all(layer.activations),
    gradients: layer.gradients && all(layer.gradients),
  };
}

/** Columns of weight_ih that belong to one step each: their gradients are those before the activations. */
async function checkColumns(
  bench: Bench,
  layer: LayerInspection,
  cell: CellKind,
  lengths: readonly number[],
): Promise<void> {
  const suffix = `_l0${layer.direction === 'reverse' ? '_reverse' : ''}`;
  const name = `${layer.module}.weight_ih${suffix}`;
  const [, V] = bench.weights[name].shape;
  let largest = 0;
  for (let n = 0; n < N; n++)
    for (let t = 0; t < lengths[n]; t++)
      for (let j = 0; j < H; j++)
        for (const [gate, value] of Object.entries(gateGradients(cell, layer, [t, n, j], lengths[n]))) {
          const row = GATES[cell].indexOf(gate) * H + j;
          const wanted = await bench.difference(name, row * V + t * N + n);
          expect(Math.abs(value - wanted), `${name}, gate ${gate}, step ${t}, row ${n}`).toBeLessThan(2e-4);
          largest = Math.max(largest, Math.abs(wanted));
        }
  expect(largest).toBeGreaterThan(2e-3);
}

describe('gradients of the states of a reader equal central differences', () => {
  it.each<CellKind>(['rnn', 'gru', 'lstm', 'mingru'])('%s', async (cell) => {
    const options = { cell, hidden: H, layers: 2, bidirectional: true, input: { symbols: T * N }, labels };
    const arrays = { ids: allDifferent(T, LENGTHS), lengths: Uint32Array.from(LENGTHS) };
    const model = classifier({ ...options, dropout: 0.5, pooling: 'mean' });
    const batch = batchOf({ ...arrays, labels: Uint32Array.of(1, 2) }, { T, N }, N);
    const bench = await Bench.make(model, batch);
    const found = await bench.inspector.inspect(batch);
    expect(found.layers.map(({ module, layer, direction }) => `${module} ${layer} ${direction}`)).toEqual([
      'rnn 0 forward',
      'rnn 0 reverse',
      'rnn 1 forward',
      'rnn 1 reverse',
    ]);
    for (const direction of ['forward', 'reverse'])
      await checkColumns(bench, layerOf(found, 'rnn', 0, direction), cell, LENGTHS);
    // Above the lowest layer, a bias has the sum over all steps.
    const top = layerOf(found, 'rnn', 1, 'reverse');
    const sums = new Map<string, number>();
    for (let n = 0; n < N; n++)
      for (let t = 0; t < LENGTHS[n]; t++)
        for (const [gate, value] of Object.entries(gateGradients(cell, top, [t, n, 1], LENGTHS[n])))
          sums.set(gate, (sums.get(gate) ?? 0) + value);
    for (const [gate, sum] of sums) {
      const wanted = await bench.difference('rnn.bias_ih_l1_reverse', GATES[cell].indexOf(gate) * H + 1);
      expect(Math.abs(sum - wanted), gate).toBeLessThan(2e-4);
    }
    // Padded steps have nothing.
    for (const { activations, gradients } of found.layers)
      for (const values of [...Object.values(activations), ...Object.values(gradients ?? {})])
        for (let j = 0; j < H; j++) expect(values[(2 * N + 1) * H + j]).toBe(0);
    bench.inspector.dispose();
  });

  it('the states are the input of the head; without targets there are no gradients', async () => {
    const model = tagger({ hidden: H, input: { symbols: T * N, embedding: E }, labels });
    const inputs = { ids: allDifferent(T, LENGTHS), lengths: Uint32Array.from(LENGTHS) };
    const batch = batchOf(inputs, { T, N }, 0);
    const bench = await Bench.make(model, batchOf({ ...inputs, tags: new Uint32Array(T * N) }, { T, N }, 5));
    const { layers, attention } = await bench.inspector.inspect(batch);
    expect([layers[0].gradients, attention]).toEqual([undefined, undefined]);
    const program = await device.prepare(
      predictionGraph(model, { sizes: { T, N }, kept: ['logits'] }),
      bench.inspector.memory,
    );
    await program.submit([inputs]);
    const logits = await program.read('logits');
    const [weight, bias] = [bench.weights['head.weight'].data, bench.weights['head.bias'].data];
    for (let r = 0; r < T * N; r++)
      for (let k = 0; k < 3; k++) {
        let sum = bias[k];
        for (let j = 0; j < H; j++) sum += weight[k * H + j] * layers[0].activations.h[r * H + j];
        expect(sum).toBeCloseTo(logits[r * 3 + k], 5);
      }
    bench.inspector.dispose();
  });
});

describe('gradients reach the states of a writer and of its source', () => {
  const V = T * N;
  const SOURCE_LENGTHS = [2, 4];
  const TARGET_LENGTHS = [3, 2];
  const written: Arrays = {
    previous: allDifferent(T, TARGET_LENGTHS),
    targets: Uint32Array.from({ length: T * N }, (_, i) =>
      Math.floor(i / N) < TARGET_LENGTHS[i % N] ? (5 * i + 2) % V : V,
    ),
  };

  /** Rows of the embedding belong to one step each: dL/dE = W_embᵀ·(gradients before the activations). */
  async function checkEmbedding(
    bench: Bench,
    layer: LayerInspection,
    names: readonly [embedding: string, module: string],
  ): Promise<void> {
    const weight = bench.weights[`${names[1]}.weight_ih_l0`];
    let largest = 0;
    for (let n = 0; n < N; n++)
      for (let t = 0; t < TARGET_LENGTHS[n]; t++)
        for (let e = 0; e < E; e++) {
          let sum = 0;
          for (let j = 0; j < H; j++)
            for (const [gate, value] of Object.entries(gateGradients('lstm', layer, [1 + t, n, j], 1 + T)))
              sum += value * weight.data[(GATES.lstm.indexOf(gate) * H + j) * weight.shape[1] + e];
          const wanted = await bench.difference(`${names[0]}.weight`, (t * N + n) * E + e);
          expect(Math.abs(sum - wanted), `step ${t}, row ${n}`).toBeLessThan(2e-4);
          largest = Math.max(largest, Math.abs(wanted));
        }
    expect(largest).toBeGreaterThan(2e-3);
  }

  it.each<[string, Partial<EncoderDecoderOptions>]>([
    ['no attention', { layers: 1, summary: 'last' }],
    ['general, with input feeding', { attention: 'general', inputFeeding: true, bidirectional: true }],
    ['additive, fused', { attention: 'additive', bidirectional: true }],
    ['additive, over a pyramid', { attention: 'additive', layers: 2, pyramidal: true, bidirectional: true }],
  ])('%s', async (_, more) => {
    const model = encoderDecoder({
      source: { symbols: S * N },
      target: { symbols: V, embedding: E },
      hidden: H,
      ...more,
    });
    const arrays = {
      source: allDifferent(S, SOURCE_LENGTHS),
      sourceLengths: Uint32Array.from(SOURCE_LENGTHS),
      ...written,
    };
    const batch = batchOf(arrays, { T, S, N }, 5);
    const bench = await Bench.make(model, batch);
    const found = await bench.inspector.inspect(batch);
    expect(layerOf(found, 'decoder', 0).steps).toBe(T);
    await checkColumns(bench, layerOf(found, 'encoder', 0), 'lstm', SOURCE_LENGTHS);
    if (more.bidirectional)
      await checkColumns(bench, layerOf(found, 'encoder', 0, 'reverse'), 'lstm', SOURCE_LENGTHS);
    // Its logits are those of the loss.
    const { logits } = found.outputs;
    const loss = [...written.targets].reduce((sum, target, r) => {
      if (target >= V) return sum;
      const row = [...logits.subarray(r * V, (r + 1) * V)];
      return sum + Math.log(row.reduce((all, x) => all + Math.exp(x), 0)) - row[target];
    }, 0);
    expect(loss / 5).toBeCloseTo(await bench.lossAt(bench.arena), 4);
    if (more.attention === undefined) {
      expect(found.attention).toBeUndefined();
      // It begins with the encoder's last state of each row.
      const { activations } = layerOf(found, 'encoder', 0);
      for (const state of ['h', 'c'])
        for (const [n, length] of SOURCE_LENGTHS.entries()) {
          const start = ((length - 1) * N + n) * H;
          expect(layerOf(found, 'decoder', 0).before?.[state].slice(n * H, (n + 1) * H)).toEqual(
            activations[state].slice(start, start + H),
          );
        }
      return;
    }
    const halvings = more.pyramidal ? 2 : 1;
    const positions = S / halvings;
    expect(layerOf(found, 'encoder', halvings - 1).steps).toBe(positions);
    for (let r = 0; r < T * N; r++) {
      const row = [...(found.attention ?? [])].slice(r * positions, (r + 1) * positions);
      expect(row).toHaveLength(positions);
      expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
      const behind = row.slice(SOURCE_LENGTHS[r % N] / halvings);
      expect(behind.every((weight) => weight === 0)).toBe(true);
    }
    if (more.pyramidal) {
      // Row 0 has 1 of 2 steps in the upper layer.
      const { activations, gradients } = layerOf(found, 'encoder', 1);
      for (const values of [activations.h, activations.c, gradients?.h, gradients?.c])
        expect([...(values ?? []).slice(N * H, N * H + H)]).toEqual([0, 0, 0]);
      expect(activations.h[0]).not.toBe(0);
    }
    bench.inspector.dispose();
  });

  it.each<[string, Partial<EncoderDecoderOptions>]>([
    ['additive, fused', { attention: 'additive' }],
    ['additive, two layers step by step', { attention: 'additive', layers: 2 }],
    ['dot, with input feeding', { attention: 'dot', inputFeeding: true }],
  ])('the decoder, %s', async (_, more) => {
    const model = encoderDecoder({
      source: { symbols: S * N },
      target: { symbols: V, embedding: E },
      hidden: H,
      context: more.attention === 'additive' ? 'initial' : 'every-step',
      ...more,
    });
    const arrays = {
      source: allDifferent(S, SOURCE_LENGTHS),
      sourceLengths: Uint32Array.from(SOURCE_LENGTHS),
      ...written,
    };
    const batch = batchOf(arrays, { T, S, N }, 5);
    const bench = await Bench.make(model, batch);
    const found = await bench.inspector.inspect(batch);
    const start = more.attention === 'additive' ? layerOf(found, 'encoder', 0) : undefined;
    const decoder = withStart(layerOf(found, 'decoder', 0), start, SOURCE_LENGTHS);
    await checkEmbedding(bench, decoder, ['target_embedding', 'decoder']);
    bench.inspector.dispose();
  });

  it('the first step of a captioner is that of its image', async () => {
    const model = captioner({
      features: { size: 4 },
      inject: 'prefix',
      target: { symbols: V, embedding: E },
      hidden: H,
    });
    const batch = batchOf({ features: normals(N * 4), ...written }, { T, N }, 5);
    const bench = await Bench.make(model, batch);
    const found = await bench.inspector.inspect(batch);
    expect(found.layers.map(({ module, steps }) => [module, steps])).toEqual([['rnn', T + 1]]);
    await checkEmbedding(bench, layerOf(found, 'rnn', 0), ['embedding', 'rnn']);
    bench.inspector.dispose();
  });
});

it.each(['cpu', 'webgpu'] as const)('the results on %s equal those of the reference', async (backend) => {
  const symbols = { symbols: 6, embedding: E };
  const model = encoderDecoder({
    source: symbols,
    target: symbols,
    hidden: H,
    bidirectional: true,
    attention: 'additive',
  });
  const ids = (steps: number): Uint32Array<ArrayBuffer> =>
    Uint32Array.from({ length: steps * N }, (_, i) => (5 * i + 2) % 6);
  const arrays = { source: ids(S), sourceLengths: Uint32Array.of(2, 4), previous: ids(T), targets: ids(T) };
  const batch = batchOf(arrays, { T, S, N }, T * N);
  const weights = model.layout.unpack(normals(model.layout.elements));
  const numbersOn = async (each: Device): Promise<Float32Array[]> => {
    const inspector = new ModelInspector(model, each, await parametersOnDevice(model, weights, each));
    const { layers, attention } = await inspector.inspect(batch);
    const connectivity = await inspector.connectivity(batch, { row: 1, step: 2, index: 4 });
    inspector.dispose();
    return [
      ...layers.flatMap(({ activations, gradients }) => [
        ...Object.values(activations),
        ...Object.values(gradients ?? {}),
      ]),
      ...(attention ? [attention] : []),
      ...Object.values(connectivity).flatMap(({ norms, gradients }) => [norms, gradients]),
    ];
  };
  const wanted = await numbersOn(device);
  const got = await numbersOn(backend === 'cpu' ? await openDevice({ backend }) : await webgpuDevice());
  expect(wanted).toHaveLength(3 * 8 + 1 + 4);
  for (const [i, values] of wanted.entries())
    for (const [k, value] of values.entries())
      expect(Math.abs(got[i][k] - value), `array ${i}, element ${k}`).toBeLessThan(1e-5);
});

it('a character model has the states that Inspector reports, and an image has places', async () => {
  const corpus = Corpus.fromText('abcab cab ');
  const model = charModel({ vocabulary: corpus.vocabulary, hidden: H, cell: 'lstm', layers: 2 });
  const batch = await corpus.loader({ batch: 1, time: 6, carry: false }).next();
  const bench = await Bench.make(model, batch);
  const inspector = new Inspector(model, device, bench.inspector.memory);
  const wanted = await inspector.inspect('abcab ');
  const { layers } = await bench.inspector.inspect(batch);
  for (const { layer, activations } of layers)
    for (const [name, values] of Object.entries(activations))
      expect([...values], name).toEqual([...wanted.layers[layer][name]]);
  expect(layers[1].gradients?.c.some((value) => value !== 0)).toBe(true);
  // States are carried neither from call to call nor between batches of other sizes.
  const carried = { ...batch.arrays, keep: Float32Array.of(1) };
  const again = await bench.inspector.inspect({ ...batch, arrays: carried });
  expect(again.layers.map(({ activations }) => activations)).toEqual(
    layers.map(({ activations }) => activations),
  );
  const wider = await corpus.loader({ batch: 2, time: 4, carry: false }).next();
  expect((await bench.inspector.inspect(wider)).layers[1].activations.h).toHaveLength(4 * 2 * H);
  inspector.dispose();
  bench.inspector.dispose();

  const images = captioner({
    features: { size: 4, cells: 3 },
    target: { symbols: 5, embedding: E },
    hidden: H,
  });
  const grid = normals(3 * N * 4);
  const previous = Uint32Array.from({ length: T * N }, (_, i) => i % 5);
  const batchOfImages = batchOf({ grid, previous }, { T, N }, 0);
  const looking = new ModelInspector(
    images,
    device,
    await parametersOnDevice(images, images.layout.unpack(normals(images.layout.elements)), device),
  );
  const { attention } = await looking.inspect(batchOfImages);
  expect(attention).toHaveLength(T * N * 3);
  const found = await looking.connectivity(batchOfImages, { row: 1, step: 2, index: 1 });
  expect(Object.entries(found).map(([name, { norms }]) => [name, norms.length])).toEqual([
    ['grid', 3],
    ['previous', T],
  ]);
  expect([...found.grid.norms].every((norm) => norm > 0)).toBe(true);
  looking.dispose();
});

it('a model without recurrent layers has nothing to inspect', async () => {
  const model = defineModel({
    kind: 'bag',
    fields: { x: { dtype: 'f32', shape: ['T', 'N', C] }, y: { dtype: 'f32', shape: ['N', C] } },
    modules: { head: nn.linear(C, C) },
    forward: ({ head }, { x }) => ({ predictions: head(x.mean(0)) }),
    loss: ({ predictions }, { y }) => losses.mse(predictions, y),
  });
  const bench = await Bench.make(model, batchOf({ x: normals(T * N * C), y: normals(N * C) }, { T, N }, N));
  await expect(bench.inspector.inspect(bench.batch)).rejects.toThrow(
    'model: expected a model with recurrent layers that are ops of `ops`, got "bag".',
  );
});
