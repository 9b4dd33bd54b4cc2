import { describe, expect, test } from 'vitest';
import { FACTS } from '../../src/cells/facts.js';
import { Random, STREAM } from '../../src/core/random.js';
import { OnnxGraph } from '../../src/io/onnx/graph.js';
import { addRecurrentStack, type OnnxStack } from '../../src/io/onnx/recurrent.js';
import { compareArrays, FLOOR, TOLERANCE } from '../../src/verify/compare.js';
import { stepTorch, type CellState } from '../support/formulas.js';
import { runOnnx } from '../support/onnxruntime.js';

const [T, N, C, H] = [6, 3, 4, 5];
const BASE: OnnxStack = {
  cell: 'rnn',
  nonlinearity: 'tanh',
  reset: 'after',
  input: C,
  hidden: H,
  layers: 1,
  bidirectional: false,
  merge: 'concat',
  initialState: 'zero',
};

type Biases = 'both' | 'single' | 'none';
type Weights = Record<string, { shape: number[]; data: Float32Array }>;

const random = new Random(9, STREAM.test);
const normals = (length: number, scale = 1): Float32Array =>
  Float32Array.from({ length }, () => scale * random.normal());

function suffixesOf({ layers, bidirectional }: OnnxStack): string[] {
  return Array.from({ length: layers }, (_, l) =>
    bidirectional ? [`_l${l}`, `_l${l}_reverse`] : [`_l${l}`],
  ).flat();
}

function randomWeights(stack: OnnxStack, biases: Biases): Weights {
  const rows = FACTS[stack.cell].gates.length * H;
  const weights: Weights = {};
  const put = (name: string, ...shape: number[]): void =>
    void (weights[name] = {
      shape,
      data: normals(
        shape.reduce((a, b) => a * b, 1),
        0.5,
      ),
    });
  for (const suffix of suffixesOf(stack)) {
    put(
      `weight_ih${suffix}`,
      rows,
      suffix.startsWith('_l0') ? C : stack.bidirectional && stack.merge === 'concat' ? 2 * H : H,
    );
    put(`weight_hh${suffix}`, rows, H);
    if (biases === 'both') put(`bias_ih${suffix}`, rows);
    if (biases !== 'none') put(`bias_hh${suffix}`, rows);
    if (stack.initialState === 'learned')
      for (const kind of stack.cell === 'lstm' ? ['h', 'c'] : ['h']) put(`${kind}0${suffix}`, H);
  }
  return weights;
}

/** One row's outputs and final states, by PyTorch's formulas. */
function plainRow(
  stack: OnnxStack,
  weights: Weights,
  x: number[][],
  starts: CellState[],
): { y: number[][]; final: CellState[] } {
  const D = stack.bidirectional ? 2 : 1;
  const final: CellState[] = [];
  let below = x;
  for (let l = 0; l < stack.layers; l++) {
    const directions = suffixesOf(stack)
      .slice(l * D, (l + 1) * D)
      .map((suffix, d) => {
        const own = (part: string): Float32Array | undefined => weights[`${part}${suffix}`]?.data;
        const layer = {
          weightIh: own('weight_ih') ?? [],
          weightHh: own('weight_hh') ?? [],
          biasIh: own('bias_ih'),
          biasHh: own('bias_hh'),
        };
        let state = starts[l * D + d];
        const outputs = (d === 1 ? [...below].reverse() : below).map((step) => {
          state = stepTorch({ ...stack, C: step.length, H }, step, state, layer);
          return state.h;
        });
        final.push(state);
        return d === 1 ? outputs.reverse() : outputs;
      });
    below = directions[0].map((ahead, t) => {
      if (D === 1) return ahead;
      const back = directions[1][t];
      if (stack.merge === 'concat') return [...ahead, ...back];
      return ahead.map((value, j) =>
        stack.merge === 'product' ? value * back[j] : (value + back[j]) / (stack.merge === 'mean' ? 2 : 1),
      );
    });
  }
  return { y: below, final };
}

/** Runs the graph and the formulas on the same numbers. */
async function compare(stack: OnnxStack, biases: Biases, time: number | string = 'T'): Promise<void> {
  const weights = randomWeights(stack, biases);
  const places = suffixesOf(stack).length;
  const W = stack.bidirectional && stack.merge === 'concat' ? 2 * H : H;
  const graph = new OnnxGraph('layers');
  graph.node(
    'Identity',
    [
      addRecurrentStack(
        graph,
        stack,
        { time, batch: 'N' },
        graph.input('x', 'float', [time, 'N', C], ''),
        weights,
        '',
      ),
    ],
    ['y'],
  );
  graph.output('y', 'float', [time, 'N', W], '');
  const steps = typeof time === 'number' ? time : T;
  const x = normals(steps * N * C);
  const kinds = stack.cell === 'lstm' ? (['h', 'c'] as const) : (['h'] as const);
  const initial = { h: normals(places * N * H), c: normals(places * N * H) };
  const learned = stack.initialState === 'learned';
  const keep = [1, 0, 1];
  const got = await runOnnx(graph.toBytes(), {
    x: { type: 'float32', shape: [steps, N, C], data: x },
    ...Object.fromEntries(
      kinds.map((kind) => [
        `${kind}0`,
        { type: 'float32' as const, shape: [places, N, H], data: initial[kind] },
      ]),
    ),
    ...(learned ? { keep: { type: 'float32' as const, shape: [N], data: keep } } : {}),
  });
  expect(got.y.shape).toEqual([steps, N, W]);

  const [y, hn, cn] = [
    new Float32Array(steps * N * W),
    new Float32Array(places * N * H),
    new Float32Array(places * N * H),
  ];
  for (let n = 0; n < N; n++) {
    const starts = suffixesOf(stack).map((suffix, place): CellState => {
      const at = (place * N + n) * H;
      const start = (kind: 'h' | 'c'): number[] => [
        ...(learned && keep[n] === 0
          ? (weights[`${kind}0${suffix}`]?.data ?? [])
          : initial[kind].subarray(at, at + H)),
      ];
      return { h: start('h'), c: start('c') };
    });
    const row = Array.from({ length: steps }, (_, t) => [
      ...x.subarray((t * N + n) * C, (t * N + n + 1) * C),
    ]);
    const plain = plainRow(stack, weights, row, starts);
    plain.y.forEach((step, t) => y.set(step, (t * N + n) * W));
    plain.final.forEach(({ h, c }, place) => {
      hn.set(h, (place * N + n) * H);
      if (stack.cell === 'lstm') cn.set(c, (place * N + n) * H);
    });
  }
  expect(compareArrays(got.y.data, y, FLOOR.output).error).toBeLessThan(TOLERANCE.output);
  expect(compareArrays(got.hn.data, hn, FLOOR.output).error).toBeLessThan(TOLERANCE.output);
  if (stack.cell === 'lstm')
    expect(compareArrays(got.cn.data, cn, FLOOR.output).error).toBeLessThan(TOLERANCE.output);
}

describe.each([
  ['RNN tanh', {}],
  ['RNN relu', { nonlinearity: 'relu' }],
  ['LSTM', { cell: 'lstm' }],
  ['GRU, reset after', { cell: 'gru' }],
  ['GRU, reset before', { cell: 'gru', reset: 'before' }],
] as const)('onnxruntime computes what the formulas say: %s', (_, cell) => {
  test.each(['both', 'single', 'none'] as const)('biases %s', (biases) =>
    compare({ ...BASE, ...cell }, biases),
  );
  test('3 layers', () => compare({ ...BASE, ...cell, layers: 3 }, 'both'));
  test('one step at a time', () => compare({ ...BASE, ...cell, layers: 2 }, 'both', 1));
  test.each(['concat', 'sum', 'mean', 'product'] as const)(
    '2 layers in both directions, merged by %s',
    (merge) => compare({ ...BASE, ...cell, layers: 2, bidirectional: true, merge }, 'both'),
  );
  test('learned initial states', () =>
    compare({ ...BASE, ...cell, layers: 2, initialState: 'learned' }, 'both'));
});

test('the message for a missing weight, or one of a wrong shape, has the shape in letters and numbers', () => {
  const stack: OnnxStack = { ...BASE, cell: 'lstm' };
  const add = (weights: Weights) => (): unknown =>
    addRecurrentStack(new OnnxGraph('layers'), stack, { time: 'T', batch: 'N' }, 'x', weights, '');
  const weights = randomWeights(stack, 'both');
  expect(add({ ...weights, bias_hh_l0: { shape: [15], data: normals(15) } })).toThrow(
    'bias_hh_l0 must be [4H] = [20], but is [15] with 15 elements.',
  );
  expect(add({ weight_ih_l0: weights.weight_ih_l0 })).toThrow('weight_hh_l0 [4H,H] = [20,5] is missing.');
});
