import { describe, expect, it } from 'vitest';
import { dropoutFactor } from '../../src/core/dropout.js';
import { openDevice, RecurrentLayers, type Device } from '../../src/index.js';
import { CELLS, FACTS } from '../../src/graph.js';
import { webgpuDevice } from '../support/devices.js';
import { normals, recurrentDropoutOf } from '../support/layers.js';

const [T, N, C, H] = [5, 3, 2, 4];
const x = normals(1, T * N * C);
const lengths = [2, 5, 3];
const lengthAt = (l: number, n: number, pyramidal: boolean): number =>
  pyramidal && l > 0 ? Math.ceil(lengths[n] / 2) : lengths[n];

const deviceOf = (backend: 'cpu' | 'webgpu'): Promise<Device> =>
  backend === 'cpu' ? openDevice({ backend: 'reference', precision: 'double' }) : webgpuDevice();

type Step = (name: string, offset?: number) => number;

/** The formulas for each unit at each step; `at(name, −1)` is the value before the step. */
const formulas: Readonly<
  Record<(typeof CELLS)[number], readonly ((at: Step) => readonly [number, number])[]>
> = {
  rnn: [],
  lstm: [
    (at) => [at('c'), at('f') * at('c', -1) + at('i') * at('g')],
    (at) => [at('h'), at('o') * Math.tanh(at('c'))],
  ],
  gru: [(at) => [at('h'), (1 - at('z')) * at('n') + at('z') * at('h', -1)]],
  mingru: [(at) => [at('h'), (1 - at('z')) * at('h', -1) + at('z') * at('candidate')]],
  minlstm: [(at) => [at('h'), (at('f') * at('h', -1) + at('i') * at('candidate')) / (at('f') + at('i'))]],
};

describe.each(CELLS)('the trace of %s', (cell) => {
  const names = [...FACTS[cell].savedGates, ...FACTS[cell].states];
  // If the trace had states after dropout, the formulas would not hold.
  it.each([
    ['cpu', {}],
    ['cpu', { pyramidal: true }],
    ['cpu', { dropout: 0.4, recurrentDropout: recurrentDropoutOf(cell) }],
    ['webgpu', {}],
    ['webgpu', { dropout: 0.4, recurrentDropout: recurrentDropoutOf(cell) }],
  ] as const)(
    'has every gate and state of every step, and they satisfy the formulas, on %s with %o',
    async (backend, options) => {
      const device = await deviceOf(backend);
      const pyramidal = 'pyramidal' in options;
      const layers = await RecurrentLayers.create({
        device,
        input: C,
        hidden: H,
        cell,
        layers: 2,
        bidirectional: true,
        ...options,
        batch: N,
        time: T,
      });
      const initial = { h: normals(2, 4 * N * H), ...(cell === 'lstm' ? { c: normals(3, 4 * N * H) } : {}) };
      const { trace, y } = await layers.forward(x, initial, { trace: true, lengths, step: 6 });
      expect(trace.map((directions) => directions.map((one) => Object.keys(one).sort()))).toEqual(
        Array.from({ length: 2 }, () => Array.from({ length: 2 }, () => [...names].sort())),
      );
      for (const [l, directions] of trace.entries()) {
        const steps = pyramidal && l > 0 ? Math.ceil(T / 2) : T;
        for (const [direction, one] of directions.entries()) {
          for (const name of names) expect(one[name].length).toBe(steps * N * H);
          for (let n = 0; n < N; n++) {
            const length = lengthAt(l, n, pyramidal);
            for (let t = 0; t < steps; t++) {
              for (let j = 0; j < H; j++) {
                const i = (t * N + n) * H + j;
                if (t >= length) {
                  for (const name of names) expect(one[name][i]).toBe(0);
                  continue;
                }
                const before = direction === 0 ? t - 1 : t + 1;
                const at: Step = (name, offset = 0) => {
                  if (offset === 0) return one[name][i];
                  return before < 0 || before >= length
                    ? initial[name as 'h'][((2 * l + direction) * N + n) * H + j]
                    : one[name][(before * N + n) * H + j];
                };
                for (const formula of formulas[cell]) {
                  const [got, expected] = formula(at);
                  expect(Math.abs(got - expected)).toBeLessThan(2e-6);
                }
                if (l === 1) expect(one.h[i]).toBe(y[(t * N + n) * 2 * H + direction * H + j]);
              }
            }
          }
        }
      }
      layers.dispose();
    },
  );

  it.each(['cpu', 'webgpu'] as const)(
    'has the states before their outputs are dropped, on %s',
    async (backend) => {
      const device = await deviceOf(backend);
      const layers = await RecurrentLayers.create({
        device,
        input: C,
        hidden: H,
        cell,
        layers: 2,
        bidirectional: true,
        dropout: 0.4,
        batch: N,
        time: T,
      });
      const whole = await layers.forward(x, {}, { trace: true });
      const dropping = await layers.forward(x, {}, { trace: true, step: 6 });
      expect(dropping.trace[0]).toEqual(whole.trace[0]);
      expect(dropping.trace[1]).not.toEqual(whole.trace[1]);
      layers.dispose();
    },
  );
});

describe.each(['cpu', 'webgpu'] as const)(
  'the trace of an RNN with both kinds of dropout, on %s',
  (backend) => {
    it.each([1, 2])('follows from the masks of layer %i, step by step', async (l) => {
      const [device, seed, step, rate] = [await deviceOf(backend), 11, 6, 0.4];
      const layers = await RecurrentLayers.create({
        device,
        input: C,
        hidden: H,
        layers: 2,
        bidirectional: true,
        dropout: rate,
        recurrentDropout: rate,
        batch: N,
        time: T,
        seed,
      });
      const weights = await layers.parameters();
      const { trace } = await layers.forward(x, {}, { trace: true, step });
      const factor = (layer: number, direction: number, recurrent: boolean, e: number): number =>
        dropoutFactor({ key: [seed, step], site: 2 * layer + direction, recurrent, rate }, e);
      /** Input of the layer: x, or the states of both directions below after dropout, side by side. */
      const read = (t: number, n: number): number[] => {
        if (l === 1) return Array.from({ length: C }, (_, c) => x[(t * N + n) * C + c]);
        return [0, 1].flatMap((d) =>
          Array.from({ length: H }, (_, j) => (t * N + n) * H + j).map(
            (e) => factor(0, d, false, e) * trace[0][d].h[e],
          ),
        );
      };
      for (const direction of [0, 1]) {
        const [input, recurrent, inputBias, recurrentBias] = [
          'weight_ih',
          'weight_hh',
          'bias_ih',
          'bias_hh',
        ].map((name) => weights[`${name}_l${l - 1}${direction === 1 ? '_reverse' : ''}`].data);
        const { h } = trace[l - 1][direction];
        for (let t = 0; t < T; t++) {
          const before = direction === 0 ? t - 1 : t + 1;
          for (let n = 0; n < N; n++) {
            for (let j = 0; j < H; j++) {
              const inputs = read(t, n);
              let sum = inputBias[j] + recurrentBias[j];
              for (const [c, value] of inputs.entries()) sum += input[j * inputs.length + c] * value;
              if (before >= 0 && before < T)
                for (let k = 0; k < H; k++)
                  sum +=
                    recurrent[j * H + k] *
                    factor(l - 1, direction, true, n * H + k) *
                    h[(before * N + n) * H + k];
              expect(Math.abs(h[(t * N + n) * H + j] - Math.tanh(sum))).toBeLessThan(2e-6);
            }
          }
        }
      }
      layers.dispose();
    });
  },
);

describe('gradient flow', () => {
  it.each(CELLS)('of %s is the gradient of every state, by layer and direction', async (cell) => {
    const device = await openDevice({ backend: 'reference', precision: 'double' });
    const layers = await RecurrentLayers.create({
      device,
      input: C,
      hidden: H,
      cell,
      layers: 2,
      bidirectional: true,
      batch: N,
      time: T,
    });
    const upstream = { y: normals(4, T * N * 2 * H) };
    const { gradients } = await layers.forwardBackward(x, {}, upstream, { lengths, gradientFlow: true });
    const flow = gradients.flow ?? [];
    expect(flow.map((directions) => directions.map(({ length }) => length))).toEqual([
      [T * N * H, T * N * H],
      [T * N * H, T * N * H],
    ]);
    // The state of the last step has a gradient from the layer above alone: for the last layer the
    // upstream gradient. At padding it is 0.
    for (let n = 0; n < N; n++) {
      for (let j = 0; j < H; j++) {
        const end = lengths[n] - 1;
        expect(flow[1][0][(end * N + n) * H + j]).toBeCloseTo(upstream.y[(end * N + n) * 2 * H + j], 6);
        expect(flow[1][1][n * H + j]).toBeCloseTo(upstream.y[n * 2 * H + H + j], 6);
        for (let t = lengths[n]; t < T; t++) expect(flow[0][0][(t * N + n) * H + j]).toBe(0);
        expect(flow[0][0][n * H + j]).not.toBe(0);
      }
    }
    // Layers that are given lengths run another program than layers that are not. Where every row
    // is as long as the window, both must give the same numbers.
    const whole = await layers.forwardBackward(x, {}, upstream, { lengths: [T, T, T], gradientFlow: true });
    const plain = await layers.forwardBackward(x, {}, upstream, { gradientFlow: true });
    expect(plain.gradients.flow).toEqual(whole.gradients.flow);
    expect((await layers.forwardBackward(x, {}, upstream)).gradients.flow).toBeUndefined();
  });
});
