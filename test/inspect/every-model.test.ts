import { describe, expect, it } from 'vitest';
import {
  captioner,
  classifier,
  encoderDecoder,
  languageModel,
  regressor,
  tagger,
  type Batch,
  type StateDict,
} from '../../src/index.js';
import type { ChosenOutput, LayerInspection, Model, ModelInspection } from '../../src/graph.js';
import type { CellForm } from '../../src/layers/stack-options.js';
import { PARAMETERS } from '../../src/layers/parameters.js';
import { predictionGraph } from '../../src/train/training-graph.js';
import { TINY } from '../support/tiny-language-model.js';
import { productByHand, stepByHand, type HandCell, type HandStep } from './by-hand.js';
import { allDifferent, batchOf, Bench, device, E, H, labels, LENGTHS, N, normals, S, T } from './support.js';
import type { Arrays } from './support.js';

const V = T * N;
const [P, F] = [4, 2];
const WRITTEN = [3, 2];
const SOURCE = [2, 4];

/** Inputs of the lowest layer besides the vectors of its ids, calculated by hand. */
interface Joined {
  /** Values after the vector of a step's id. */
  readonly beside?: (found: ModelInspection, t: number, n: number) => number[];
  /** [G*H], added to the product of the inputs. */
  readonly added?: (weights: StateDict, n: number) => number[];
  /** States before the first step; default zero. */
  readonly start?: (weights: StateDict, found: ModelInspection, state: string, n: number) => number[];
}

/** A model of one kind. Its ids all differ, so each row of an embedding belongs to one step. */
interface Kind extends Joined {
  readonly make: (form: CellForm) => Model;
  readonly cell: HandCell;
  readonly arrays: Arrays;
  readonly sizes: Batch['sizes'];
  readonly count: number;
  /** Steps of each row that count. */
  readonly lengths: readonly number[];
  /** The layers that are calculated, the embedding that they read, and the field with its ids. */
  readonly module: string;
  readonly embedding: string;
  readonly field: string;
  readonly chosen: ChosenOutput;
  /** Further inputs whose connectivity is compared: ids with their embedding, or numbers. */
  readonly others?: Readonly<Record<string, string | null>>;
}

const ids = { symbols: V, embedding: E };
const sourceIds = { symbols: S * N, embedding: E };
const ragged = { ids: allDifferent(T, LENGTHS), lengths: Uint32Array.from(LENGTHS) };
const written = {
  previous: allDifferent(T, WRITTEN),
  targets: Uint32Array.from({ length: V }, (_, i) =>
    Math.floor(i / N) < WRITTEN[i % N] ? (5 * i + 2) % V : V,
  ),
};
const grid = normals(P * N * F);
const features = normals(N * F);
const translated = {
  source: allDifferent(S, SOURCE),
  sourceLengths: Uint32Array.from(SOURCE),
  ...written,
};
const reader = {
  sizes: { T, N },
  lengths: LENGTHS,
  module: 'rnn',
  embedding: 'embedding',
  field: 'ids',
} as const;
const writer = { sizes: { T, N }, count: 5, lengths: WRITTEN, field: 'previous' } as const;

/** The state of a row after its own last step, [H]. */
function lastOf({ layers }: ModelInspection, module: string, state: string, n: number): number[] {
  const { activations } = layers.find((each) => each.module === module) as LayerInspection;
  const at = ((SOURCE[n] - 1) * N + n) * H;
  return [...activations[state].slice(at, at + H)];
}

/** [W], the sum over positions of attention weight times value. */
function attended(
  { attention = new Float32Array() }: ModelInspection,
  [t, n]: readonly [number, number],
  memory: Float32Array,
  W: number,
): number[] {
  const positions = memory.length / (N * W);
  return Array.from({ length: W }, (_, w) => {
    let sum = 0;
    for (let s = 0; s < positions; s++)
      sum += attention[(t * N + n) * positions + s] * memory[(s * N + n) * W + w];
    return sum;
  });
}

const kinds: Readonly<Record<string, Kind>> = {
  classifier: {
    ...reader,
    make: (form) => classifier({ input: ids, labels, hidden: H, cell: 'gru', bidirectional: true, form }),
    cell: 'gru',
    arrays: { ...ragged, labels: Uint32Array.of(1, 2) },
    count: N,
    chosen: { row: 1, index: 2 },
  },
  tagger: {
    ...reader,
    make: (form) => tagger({ input: ids, labels, hidden: H, layers: 2, dropout: 0.5, form }),
    cell: 'lstm',
    arrays: { ...ragged, tags: Uint32Array.of(1, 0, 2, 2, 0, 3) },
    count: 5,
    chosen: { row: 0, step: 1, index: 1 },
  },
  regressor: {
    ...reader,
    make: (form) =>
      regressor({ input: ids, outputs: 2, hidden: H, cell: 'rnn', pooling: 'mean', loss: 'huber', form }),
    cell: 'rnn',
    arrays: { ...ragged, y: normals(2 * N) },
    count: 2 * N,
    chosen: { row: 1, index: 1 },
  },
  'language model': {
    make: (form) =>
      languageModel({
        tokenizer: TINY,
        hidden: H,
        embedding: E,
        layers: 2,
        initialState: 'learned',
        form,
      }),
    cell: 'lstm',
    arrays: {
      inputs: allDifferent(T, [T, T]),
      targets: Uint32Array.of(3, 1, 4, 1, 5, V),
      keep: new Float32Array(N),
    },
    sizes: { T, N },
    count: 5,
    lengths: [T, T],
    module: 'rnn',
    embedding: 'embedding',
    field: 'inputs',
    start: (weights, _, state) => Array.from(weights[`rnn.${state}0_l0`].data),
    chosen: { row: 1, step: 2, index: 4 },
  },
  'encoder–decoder, general': {
    ...writer,
    make: (form) => encoderDecoder({ source: sourceIds, target: ids, hidden: H, attention: 'general', form }),
    cell: 'lstm',
    arrays: translated,
    sizes: { T, S, N },
    module: 'decoder',
    embedding: 'target_embedding',
    start: (_, found, state, n) => lastOf(found, 'encoder', state, n),
    chosen: { row: 0, step: 1, index: 3 },
    others: { source: 'source_embedding' },
  },
  'encoder–decoder, additive': {
    ...writer,
    make: (form) =>
      encoderDecoder({ source: sourceIds, target: ids, hidden: H, cell: 'gru', attention: 'additive', form }),
    cell: 'gru',
    arrays: translated,
    sizes: { T, S, N },
    module: 'decoder',
    embedding: 'target_embedding',
    beside: (found, t, n) => attended(found, [t, n], found.layers[0].activations.h, H),
    start: (_, found, state, n) => lastOf(found, 'encoder', state, n),
    chosen: { row: 1, step: 1, index: 2 },
    others: { source: 'source_embedding' },
  },
  'captioner, every': {
    ...writer,
    make: (form) => captioner({ features: { size: F }, inject: 'every', target: ids, hidden: H, form }),
    cell: 'lstm',
    arrays: { features, ...written },
    module: 'rnn',
    embedding: 'embedding',
    added: (weights, n) => productByHand(weights, 'image.weight', features.slice(n * F, (n + 1) * F)),
    chosen: { row: 1, step: 1, index: 0 },
    others: { features: null },
  },
  'captioner, attention': {
    ...writer,
    make: (form) => captioner({ features: { size: F, cells: P }, target: ids, hidden: H, form }),
    cell: 'lstm',
    arrays: { grid, ...written },
    module: 'rnn',
    embedding: 'embedding',
    beside: (found, t, n) => attended(found, [t, n], grid, F),
    start: (weights, _, state, n) => {
      const mean = Array.from({ length: F }, (__, f) => {
        let sum = 0;
        for (let p = 0; p < P; p++) sum += grid[(p * N + n) * F + f];
        return sum / P;
      });
      const product = productByHand(weights, `initial.${state}.weight`, mean, `initial.${state}.bias`);
      return product.map(Math.tanh);
    },
    chosen: { row: 0, step: 2, index: 5 },
    others: { grid: null },
  },
};

/** The steps of one row of the lowest layer in one direction, calculated one after the other. */
function rowByHand(
  kind: Kind,
  weights: StateDict,
  found: ModelInspection,
  n: number,
  direction: LayerInspection['direction'],
): HandStep[] {
  const { cell, module, lengths } = kind;
  const forward = direction === 'forward';
  const suffix = forward ? '_l0' : '_l0_reverse';
  const states = cell === 'lstm' ? ['h', 'c'] : ['h'];
  const parameter = (name: string): string => `${module}.${name}${suffix}`;
  let before: Record<string, ArrayLike<number>> = Object.fromEntries(
    states.map((state) => [state, kind.start?.(weights, found, state, n) ?? Array<number>(H).fill(0)]),
  );
  const steps: HandStep[] = [];
  for (let i = 0; i < lengths[n]; i++) {
    const t = forward ? i : lengths[n] - 1 - i;
    const id = kind.arrays[kind.field][t * N + n];
    const x = Array.from(weights[`${kind.embedding}.weight`].data).slice(id * E, (id + 1) * E);
    const input = [...x, ...(kind.beside?.(found, t, n) ?? [])];
    const product = productByHand(weights, parameter('weight_ih'), input, parameter('bias_ih'));
    const added = kind.added?.(weights, n);
    const a = product.map((value, j) => value + (added?.[j] ?? 0));
    const s = productByHand(weights, parameter('weight_hh'), before.h, parameter('bias_hh'));
    const step = stepByHand(cell, a, s, before);
    before = Object.fromEntries(states.map((state) => [state, step.values[state]]));
    steps[t] = step;
  }
  return steps;
}

function benchOf(kind: Kind): Promise<Bench> {
  return Bench.make(kind.make('fused'), batchOf(kind.arrays, kind.sizes, kind.count));
}

describe.each(Object.entries(kinds))('%s', (_, kind) => {
  it('has the states and gates of a calculation by hand, and gradients equal to central differences', async () => {
    const bench = await benchOf(kind);
    const { weights } = bench;
    const found = await bench.inspector.inspect(bench.batch);
    const lowest = found.layers.filter(({ module, layer }) => module === kind.module && layer === 0);
    const compared = new Set<string>();
    let largest = 0;
    for (let n = 0; n < N; n++) {
      /** By step, the gradient of the vector that is read, [E]: the sum of both directions. */
      const gradients = Array.from({ length: kind.lengths[n] }, () => Array<number>(E).fill(0));
      for (const layer of lowest)
        for (const [t, step] of rowByHand(kind, weights, found, n, layer.direction).entries()) {
          const row = (values: Float32Array = new Float32Array()): Float32Array =>
            values.slice((t * N + n) * H, (t * N + n + 1) * H);
          for (const [name, wanted] of Object.entries(step.values)) {
            const where = `${name}, ${layer.direction}, step ${t}, row ${n}`;
            compared.add(name);
            for (const [j, value] of row(layer.activations[name]).entries())
              expect(Math.abs(value - wanted[j]), where).toBeLessThan(1e-5);
          }
          const suffix = layer.direction === 'forward' ? '' : '_reverse';
          const { data, shape } = weights[`${kind.module}.weight_ih_l0${suffix}`];
          for (const [i, value] of step.back(row(layer.gradients?.h), row(layer.gradients?.c)).entries())
            for (let e = 0; e < E; e++) gradients[t][e] += value * data[i * shape[1] + e];
        }
      for (const [t, gradient] of gradients.entries())
        for (const [e, value] of gradient.entries()) {
          const id = kind.arrays[kind.field][t * N + n];
          const wanted = await bench.difference(`${kind.embedding}.weight`, id * E + e);
          expect(Math.abs(value - wanted), `step ${t}, row ${n}, feature ${e}`).toBeLessThan(2e-4);
          largest = Math.max(largest, Math.abs(wanted));
        }
    }
    expect(largest).toBeGreaterThan(2e-3);
    for (const { activations } of lowest) expect(new Set(Object.keys(activations))).toEqual(compared);
    bench.inspector.dispose();
  });

  it('has the same results if its cells are made of general ops', async () => {
    const fused = await benchOf(kind);
    const general = await Bench.make(kind.make('general'), fused.batch, fused.arena);
    const [a, b] = [await fused.inspector.inspect(fused.batch), await general.inspector.inspect(fused.batch)];
    expect(b).toEqual(a);
    const [c, d] = [
      await fused.inspector.connectivity(fused.batch, kind.chosen),
      await general.inspector.connectivity(fused.batch, kind.chosen),
    ];
    expect(Object.keys(d)).toEqual(Object.keys(c));
    for (const [name, { gradients }] of Object.entries(c))
      for (const [i, value] of gradients.entries()) expect(d[name].gradients[i]).toBeCloseTo(value, 5);
    fused.inspector.dispose();
    general.inspector.dispose();
  });

  it('has connectivity equal to central differences', async () => {
    const bench = await benchOf(kind);
    const { weights } = bench;
    const found = await bench.inspector.connectivity(bench.batch, kind.chosen);
    const inputs = { [kind.field]: kind.embedding, ...kind.others };
    expect(Object.keys(found).sort()).toEqual(Object.keys(inputs).sort());
    const output = await outputOf(bench, kind);
    const { row = 0 } = kind.chosen;
    for (const [field, embedding] of Object.entries(inputs)) {
      const { gradients, norms } = found[field];
      let largest = 0;
      for (let t = 0; t < norms.length; t++) {
        const wanted: number[] =
          embedding === null
            ? await output.ofNumbers(field, t * N + row, gradients.length / norms.length)
            : await output.ofOneHot(weights, embedding, kind.arrays[field][t * N + row]);
        const width = wanted.length;
        expect(gradients).toHaveLength(norms.length * width);
        for (const [i, value] of wanted.entries()) {
          expect(Math.abs(gradients[t * width + i] - value), `${field}, step ${t}, ${i}`).toBeLessThan(3e-4);
          largest = Math.max(largest, Math.abs(value));
        }
        expect(Math.abs(norms[t] - Math.hypot(...wanted))).toBeLessThan(6e-4);
      }
      expect(largest, field).toBeGreaterThan(2e-3);
    }
    output.dispose();
    bench.inspector.dispose();
  });
});

/** The chosen element of a model's output, and its change with the inputs of the model. */
async function outputOf(bench: Bench, { chosen, sizes, arrays }: Kind) {
  const { model } = bench;
  const { memory } = bench.inspector;
  const { row = 0, step = 0, index = 0 } = chosen;
  const isNumber = model.kind === 'regressor';
  const kept = isNumber ? 'predictions' : 'logits';
  const program = await device.prepare(predictionGraph(model, { sizes, kept: [kept] }), memory);
  const read = Object.fromEntries((model.inputs ?? []).map((name) => [name, arrays[name]]));
  const at = async (changed: Arrays): Promise<number> => {
    await program.submit([{ ...read, ...changed }]);
    const values = await program.read(kept);
    const steps = model.kind === 'classifier' || isNumber ? 1 : T;
    const C = values.length / (steps * N);
    const own = [...values.slice((step * N + row) * C, (step * N + row + 1) * C)];
    if (isNumber) return own[index];
    return own[index] - Math.log(own.reduce((sum, logit) => sum + Math.exp(logit), 0));
  };
  const epsilon = 2 ** -7;
  return {
    /** Of the numbers of one step of a field. */
    async ofNumbers(field: string, place: number, width: number): Promise<number[]> {
      const gradient: number[] = [];
      for (let i = 0; i < width; i++) {
        const moved = async (by: number): Promise<number> => {
          const array = Float32Array.from(arrays[field]);
          array[place * width + i] += by;
          return at({ [field]: array });
        };
        gradient.push(((await moved(epsilon)) - (await moved(-epsilon))) / (2 * epsilon));
      }
      return gradient;
    },
    /** Of the one-hot vector of an id: that of its vector, by the product with the embedding. */
    async ofOneHot(weights: StateDict, embedding: string, id: number): Promise<number[]> {
      const { shape, data } = weights[`${embedding}.weight`];
      const gradient: number[] = [];
      for (let e = 0; e < E && id < shape[0]; e++) {
        const moved = async (by: number): Promise<number> => {
          const all = bench.weights;
          all[`${embedding}.weight`].data[id * E + e] += by;
          await memory.write(PARAMETERS, model.layout.pack(all));
          return at({});
        };
        gradient.push(((await moved(epsilon)) - (await moved(-epsilon))) / (2 * epsilon));
        await memory.write(PARAMETERS, bench.arena.slice());
      }
      return Array.from({ length: shape[0] }, (_, v) =>
        gradient.reduce((sum, value, e) => sum + value * data[v * E + e], 0),
      );
    },
    dispose: () => program.dispose(),
  };
}

it('the inspection of a language model with tied weights does not use carried states', async () => {
  const model = languageModel({ tokenizer: TINY, hidden: E, tied: true });
  const arrays = {
    inputs: allDifferent(T, [T, T]),
    targets: Uint32Array.of(3, 1, 4, 1, 5, 0),
    keep: new Float32Array(N),
  };
  const batch = batchOf(arrays, { T, N }, V);
  const bench = await Bench.make(model, batch);
  const fresh = await bench.inspector.inspect(batch);
  const carried = { ...batch, arrays: { ...arrays, keep: new Float32Array(N).fill(1) } };
  expect(await bench.inspector.inspect(carried)).toEqual(fresh);
  const chosen = { row: 1, step: 1, index: 2 };
  const { inputs } = await bench.inspector.connectivity(batch, chosen);
  expect((await bench.inspector.connectivity(carried, chosen)).inputs).toEqual(inputs);
  expect([...inputs.norms].map((norm) => norm > 0)).toEqual([true, true, false]);
  bench.inspector.dispose();
});
