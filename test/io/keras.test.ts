import { describe, expect, test } from 'vitest';
import { ShapeError } from '../../src/core/errors.js';
import { FACTS } from '../../src/cells/facts.js';
import { Random, STREAM } from '../../src/core/random.js';
import { fromKeras, toKeras } from '../../src/io/keras.js';
import { stepTorch } from '../support/formulas.js';

interface Shaped {
  shape: number[];
  data: Float32Array;
}

const random = new Random(5, STREAM.test);
const normals = (...shape: number[]): Shaped => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
});
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

describe('weights calculated by hand, with H = 1 and C = 2', () => {
  test('LSTM: the gates i f c o stay in order, kernels are transposed, the bias goes to bias_ih', () => {
    const kernel = { shape: [2, 4], data: [1, 2, 3, 4, 5, 6, 7, 8] };
    const recurrent = { shape: [1, 4], data: [10, 20, 30, 40] };
    expect(fromKeras('lstm', [kernel, recurrent, { shape: [4], data: [0.1, 0.2, 0.3, 0.4] }])).toEqual({
      weight_ih_l0: { shape: [4, 2], data: Float32Array.of(1, 5, 2, 6, 3, 7, 4, 8) },
      weight_hh_l0: { shape: [4, 1], data: Float32Array.of(10, 20, 30, 40) },
      bias_ih_l0: { shape: [4], data: Float32Array.of(0.1, 0.2, 0.3, 0.4) },
      bias_hh_l0: { shape: [4], data: Float32Array.of(0, 0, 0, 0) },
    });
  });

  test('GRU: z r h becomes r z n, the two rows of the bias are the two biases', () => {
    const kernel = { shape: [2, 3], data: [1, 2, 3, 4, 5, 6] };
    const recurrent = { shape: [1, 3], data: [10, 20, 30] };
    expect(
      fromKeras('gru', [kernel, recurrent, { shape: [2, 3], data: [0, 1, 2, 3, 4, 5] }], {
        prefix: 'rnn.',
        layer: 1,
        reverse: true,
      }),
    ).toEqual({
      'rnn.weight_ih_l1_reverse': { shape: [3, 2], data: Float32Array.of(2, 5, 1, 4, 3, 6) },
      'rnn.weight_hh_l1_reverse': { shape: [3, 1], data: Float32Array.of(20, 10, 30) },
      'rnn.bias_ih_l1_reverse': { shape: [3], data: Float32Array.of(1, 0, 2) },
      'rnn.bias_hh_l1_reverse': { shape: [3], data: Float32Array.of(4, 3, 5) },
    });
  });

  test('export to Keras adds the two biases of an LSTM', () => {
    const [kernel, recurrent, bias] = toKeras('lstm', {
      weight_ih_l0: { shape: [4, 2], data: [1, 5, 2, 6, 3, 7, 4, 8] },
      weight_hh_l0: { shape: [4, 1], data: [10, 20, 30, 40] },
      bias_ih_l0: { shape: [4], data: [1, 2, 3, 4] },
      bias_hh_l0: { shape: [4], data: [10, 20, 30, 40] },
    });
    expect(kernel).toEqual({ shape: [2, 4], data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) });
    expect(recurrent).toEqual({ shape: [1, 4], data: Float32Array.of(10, 20, 30, 40) });
    expect(bias).toEqual({ shape: [4], data: Float32Array.of(11, 22, 33, 44) });
  });
});

describe.each(['rnn', 'lstm', 'gru'] as const)('%s', (cell) => {
  const [C, H] = [3, 5];
  const G = FACTS[cell].gates.length;
  const reset = cell === 'gru' ? (['after', 'before'] as const) : (['after'] as const);

  test.each(reset)('is unchanged after conversion to PyTorch and back, reset %s', (reset) => {
    const weights = [
      normals(C, G * H),
      normals(H, G * H),
      cell === 'gru' && reset === 'after' ? normals(2, G * H) : normals(G * H),
    ];
    expect(toKeras(cell, fromKeras(cell, weights, { reset }), { reset })).toEqual(weights);
    const noBias = weights.slice(0, 2);
    expect(toKeras(cell, fromKeras(cell, noBias, { reset }), { reset })).toEqual(noBias);
  });

  test.each(reset)(
    "Keras's formulas with Keras's weights equal PyTorch's with the mapped ones, reset %s",
    (reset) => {
      const weights = [
        normals(C, G * H),
        normals(H, G * H),
        cell === 'gru' && reset === 'after' ? normals(2, G * H) : normals(G * H),
      ];
      const dict = fromKeras(cell, weights, { reset });
      const parameters = {
        weightIh: dict.weight_ih_l0.data,
        weightHh: dict.weight_hh_l0.data,
        biasIh: dict.bias_ih_l0.data,
        biasHh: dict.bias_hh_l0.data,
      };
      let keras = { h: [...normals(H).data], c: [...normals(H).data] };
      let torch = keras;
      for (let t = 0; t < 4; t++) {
        const x = [...normals(C).data];
        keras = stepKeras(cell, reset, x, keras, weights);
        torch = stepTorch({ cell, nonlinearity: 'tanh', reset, C, H }, x, torch, parameters);
        for (let j = 0; j < H; j++) {
          expect(torch.h[j]).toBeCloseTo(keras.h[j], 10);
          if (cell === 'lstm') expect(torch.c[j]).toBeCloseTo(keras.c[j], 10);
        }
      }
    },
  );
});

/**
 * One step as Keras documents it: x·kernel + h·recurrent_kernel + bias, gate by gate from the
 * columns.
 */
function stepKeras(
  cell: 'rnn' | 'lstm' | 'gru',
  reset: 'after' | 'before',
  x: number[],
  { h, c }: { h: number[]; c: number[] },
  [kernel, recurrent, bias]: Shaped[],
): { h: number[]; c: number[] } {
  const H = h.length;
  const columns = kernel.shape[1];
  const column = ({ data }: Shaped, vector: number[], j: number): number =>
    vector.reduce((sum, value, k) => sum + value * data[k * columns + j], 0);
  const fresh = (gate: number, j: number): number =>
    column(kernel, x, gate * H + j) + bias.data[gate * H + j];
  const units = (unit: (j: number) => number): number[] => Array.from({ length: H }, (_, j) => unit(j));
  const whole = (gate: number) => (j: number) => fresh(gate, j) + column(recurrent, h, gate * H + j);
  if (cell === 'rnn') return { h: units((j) => Math.tanh(whole(0)(j))), c };
  if (cell === 'lstm') {
    const [i, f, , o] = [0, 1, 2, 3].map((gate) => units((j) => sigmoid(whole(gate)(j))));
    const candidate = units((j) => Math.tanh(whole(2)(j)));
    const next = units((j) => f[j] * c[j] + i[j] * candidate[j]);
    return { h: units((j) => o[j] * Math.tanh(next[j])), c: next };
  }
  const second = (gate: number, j: number): number =>
    reset === 'after' ? bias.data[3 * H + gate * H + j] : 0;
  const [z, r] = [0, 1].map((gate) => units((j) => sigmoid(whole(gate)(j) + second(gate, j))));
  const candidate = units((j) => {
    if (reset === 'after')
      return Math.tanh(fresh(2, j) + r[j] * (column(recurrent, h, 2 * H + j) + second(2, j)));
    const masked = h.map((value, k) => r[k] * value);
    return Math.tanh(fresh(2, j) + column(recurrent, masked, 2 * H + j));
  });
  return { h: units((j) => z[j] * h[j] + (1 - z[j]) * candidate[j]), c };
}

describe('refused weights', () => {
  const message = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      expect(error).toBeInstanceOf(ShapeError);
      return (error as Error).message;
    }
    return 'accepted';
  };

  test('the message for a wrong shape has the shape in letters and numbers', () => {
    expect(message(() => fromKeras('lstm', [normals(3, 20)]))).toBe(
      'A Keras layer has 2 or 3 weights, kernel, recurrent_kernel and bias, but 1 came.',
    );
    expect(message(() => fromKeras('lstm', [normals(3, 15), normals(5, 20)]))).toBe(
      'kernel must be [C,4H] = [3,20], but is [3,15] with 45 elements.',
    );
    expect(message(() => fromKeras('lstm', [normals(3, 20), normals(5, 15)]))).toBe(
      'recurrent_kernel must be [H,4H] = [5,20], but is [5,15] with 75 elements.',
    );
    expect(message(() => fromKeras('lstm', [normals(3, 20), normals(5, 20), normals(2, 20)]))).toBe(
      'bias must be [4H] = [20], but is [2,20] with 40 elements.',
    );
    expect(message(() => fromKeras('lstm', [normals(60), normals(5, 20)]))).toBe(
      'kernel must be [C,4H] and recurrent_kernel [H,4H], but they are [60] and [5,20].',
    );
  });

  test('the message for a GRU with the other reset names it', () => {
    expect(message(() => fromKeras('gru', [normals(3, 15), normals(5, 15), normals(15)]))).toContain(
      'reset_after=False. Read it with reset "before"',
    );
    expect(
      message(() => fromKeras('gru', [normals(3, 15), normals(5, 15), normals(2, 15)], { reset: 'before' })),
    ).toContain('reset_after=True. Read it with reset "after"');
  });

  test('export to Keras refuses missing weights and weights of another shape', () => {
    expect(message(() => toKeras('gru', {}))).toBe('weight_hh_l0 [3H,H] is missing, or no matrix.');
    expect(message(() => toKeras('gru', { weight_hh_l0: normals(15, 5) }))).toBe(
      'weight_ih_l0 [3H,C] is missing, or no matrix.',
    );
    expect(
      message(() => toKeras('gru', { weight_hh_l0: normals(15, 5), weight_ih_l0: normals(20, 3) })),
    ).toBe('weight_ih_l0 must be [3H,C] = [15,3], but is [20,3] with 60 elements.');
  });
});
