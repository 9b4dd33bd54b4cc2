import { describe, expect, it } from 'vitest';
import { CELLS, openDevice, RecurrentLayers, type Device } from '../../src/index.js';
import { webgpuDevice } from '../support/devices.js';
import { normals } from '../support/layers.js';

const [T, N, C, H] = [5, 3, 2, 4];
const x = normals(1, T * N * C);
const lengths = [2, 5, 3];
const lengthAt = (l: number, n: number, pyramidal: boolean): number => (pyramidal && l > 0 ? Math.ceil(lengths[n] / 2) : lengths[n]);

type Step = (name: string, offset?: number) => number;

/** What must hold for every unit at every step; `at(name, −1)` is what was before the step. */
const formulas: Readonly<Record<(typeof CELLS)[number], readonly ((at: Step) => readonly [number, number])[]>> = {
  rnn: [],
  lstm: [(at) => [at('c'), at('f') * at('c', -1) + at('i') * at('g')], (at) => [at('h'), at('o') * Math.tanh(at('c'))]],
  gru: [(at) => [at('h'), (1 - at('z')) * at('n') + at('z') * at('h', -1)]],
  mingru: [(at) => [at('h'), (1 - at('z')) * at('h', -1) + at('z') * at('candidate')]],
  minlstm: [(at) => [at('h'), (at('f') * at('h', -1) + at('i') * at('candidate')) / (at('f') + at('i'))]],
};

const names: Readonly<Record<(typeof CELLS)[number], readonly string[]>> = {
  rnn: ['h'],
  lstm: ['i', 'f', 'g', 'o', 'h', 'c'],
  gru: ['r', 'z', 'n', 'h'],
  mingru: ['z', 'candidate', 'h'],
  minlstm: ['f', 'i', 'candidate', 'h'],
};

describe.each(CELLS)('the trace of %s', (cell) => {
  it.each([
    ['cpu', false],
    ['cpu', true],
    ['webgpu', false],
  ] as const)('has every gate and state of every step, which satisfy the formulas, on %s, pyramidal: %s', async (backend, pyramidal) => {
    const device: Device = backend === 'cpu' ? await openDevice({ backend: 'cpu', precision: 'double' }) : await webgpuDevice();
    const layers = await RecurrentLayers.create({ device, input: C, hidden: H, cell, layers: 2, bidirectional: true, pyramidal, batch: N, time: T });
    const initial = { h: normals(2, 4 * N * H), ...(cell === 'lstm' ? { c: normals(3, 4 * N * H) } : {}) };
    const { trace, y } = await layers.forward(x, initial, { trace: true, lengths });
    expect(trace.map((directions) => directions.map((one) => Object.keys(one).sort()))).toEqual(
      Array.from({ length: 2 }, () => Array.from({ length: 2 }, () => [...names[cell]].sort())),
    );
    for (const [l, directions] of trace.entries()) {
      const steps = pyramidal && l > 0 ? Math.ceil(T / 2) : T;
      for (const [direction, one] of directions.entries()) {
        for (const name of names[cell]) expect(one[name].length).toBe(steps * N * H);
        for (let n = 0; n < N; n++) {
          const length = lengthAt(l, n, pyramidal);
          for (let t = 0; t < steps; t++) {
            for (let j = 0; j < H; j++) {
              const i = (t * N + n) * H + j;
              if (t >= length) {
                for (const name of names[cell]) expect(one[name][i]).toBe(0);
                continue;
              }
              const before = direction === 0 ? t - 1 : t + 1;
              const at: Step = (name, offset = 0) => {
                if (offset === 0) return one[name][i];
                return before < 0 || before >= length ? initial[name as 'h'][((2 * l + direction) * N + n) * H + j] : one[name][(before * N + n) * H + j];
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
  });
});

describe('gradient flow', () => {
  it.each(CELLS)('of %s is the gradient of every state, by layer and direction', async (cell) => {
    const device = await openDevice({ backend: 'cpu', precision: 'double' });
    const layers = await RecurrentLayers.create({ device, input: C, hidden: H, cell, layers: 2, bidirectional: true, batch: N, time: T });
    const upstream = { y: normals(4, T * N * 2 * H) };
    const { gradients } = await layers.forwardBackward(x, {}, upstream, { lengths, gradientFlow: true });
    const flow = gradients.flow ?? [];
    expect(flow.map((directions) => directions.map(({ length }) => length))).toEqual([
      [T * N * H, T * N * H],
      [T * N * H, T * N * H],
    ]);
    // Nothing comes to the state of the last step but from above: of the last layer that is the upstream gradient; and nothing at padding.
    for (let n = 0; n < N; n++) {
      for (let j = 0; j < H; j++) {
        const end = lengths[n] - 1;
        expect(flow[1][0][(end * N + n) * H + j]).toBeCloseTo(upstream.y[(end * N + n) * 2 * H + j], 6);
        expect(flow[1][1][n * H + j]).toBeCloseTo(upstream.y[n * 2 * H + H + j], 6);
        for (let t = lengths[n]; t < T; t++) expect(flow[0][0][(t * N + n) * H + j]).toBe(0);
        expect(flow[0][0][n * H + j]).not.toBe(0);
      }
    }
    // Without lengths asked for, the same program form is not used: another one, with the same numbers where nothing is padded.
    const whole = await layers.forwardBackward(x, {}, upstream, { lengths: [T, T, T], gradientFlow: true });
    const plain = await layers.forwardBackward(x, {}, upstream, { gradientFlow: true });
    expect(plain.gradients.flow).toEqual(whole.gradients.flow);
    expect((await layers.forwardBackward(x, {}, upstream)).gradients.flow).toBeUndefined();
  });
});
