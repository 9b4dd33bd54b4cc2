import { describe, expect, it } from 'vitest';
import { openDevice, RecurrentLayers } from '../../src/index.js';

const base = { input: 3, hidden: 4, layers: 2, batch: 3, time: 5 } as const;

async function create(options: object): Promise<RecurrentLayers> {
  return RecurrentLayers.create({ device: await openDevice({ backend: 'cpu' }), ...base, ...options });
}

describe('options that make no layers are refused by name', () => {
  it.each([
    [{ cell: 'ltsm' }, 'cell: expected one of rnn, lstm, gru, mingru, minlstm, got "ltsm".'],
    [{ dropout: 1 }, 'dropout: expected a number from 0 to below 1, got 1.'],
    [{ dropout: -0.1 }, 'dropout: expected a number from 0 to below 1, got -0.1.'],
    [{ dropout: NaN }, 'dropout: expected a number from 0 to below 1, got NaN.'],
    [{ recurrentDropout: 1.5 }, 'recurrentDropout: expected a number from 0 to below 1, got 1.5.'],
    [{ cell: 'mingru', recurrentDropout: 0.5 }, 'recurrentDropout: expected 0 for the cell mingru, which has no recurrent weights, got 0.5.'],
    [{ layers: 1, dropout: 0.5 }, 'dropout: expected 0 for a single layer'],
    [{ layers: 1, pyramidal: true }, 'pyramidal: expected false for a single layer'],
    [{ bidirectional: 2 }, 'bidirectional: expected true or false, got 2.'],
    [{ merge: 'max' }, 'merge: expected one of concat, sum, mean, product, got "max".'],
    [{ reset: 'never' }, 'reset: expected one of after, before, got "never".'],
    [{ initialState: 'one' }, 'initialState: expected one of zero, learned, got "one".'],
    [{ hidden: 0 }, 'hidden: expected a whole number of at least 1, got 0.'],
    [{ hiden: 4 }, 'layers.hiden: expected one of the options'],
    [{ seed: -1 }, 'seed: expected a whole number of at least 0, got -1.'],
  ])('%o', async (options, message) => expect(create(options)).rejects.toThrow(message));
});

describe('arrays that do not fit are refused in letters and numbers', () => {
  const x = new Float32Array(5 * 3 * 3);

  it.each([
    ['x', (layers: RecurrentLayers) => layers.forward(new Float32Array(44)), 'x must be [T,N,C] = [5,3,3] with 45 elements, but 44 came.'],
    ['h0', (layers: RecurrentLayers) => layers.forward(x, { h: [1, 2] }), 'h0 must be [L*D,N,H] = [4,3,4] with 48 elements, but 2 came.'],
    ['c0 of a GRU', (layers: RecurrentLayers) => layers.forward(x, { c: new Float32Array(48) }), 'initial.c: expected one of the options h'],
    ['too few lengths', (layers: RecurrentLayers) => layers.forward(x, {}, { lengths: [5, 5] }), 'lengths must be [N] = [3], a number of steps for every batch row, but 2 came.'],
    ['a length of 0', (layers: RecurrentLayers) => layers.forward(x, {}, { lengths: [5, 0, 1] }), 'lengths must be whole numbers from 1 to T = 5, but row 1 has 0.'],
    ['a length above T', (layers: RecurrentLayers) => layers.forward(x, {}, { lengths: [5, 1, 6] }), 'lengths must be whole numbers from 1 to T = 5, but row 2 has 6.'],
    ['half a step', (layers: RecurrentLayers) => layers.forward(x, {}, { lengths: [2.5, 1, 1] }), 'lengths must be whole numbers from 1 to T = 5, but row 0 has 2.5.'],
    ['no number', (layers: RecurrentLayers) => layers.forward(x, {}, { lengths: [1, NaN, 1] }), 'but row 1 has NaN.'],
    ['upstream y', (layers: RecurrentLayers) => layers.forwardBackward(x, {}, { y: x }), 'upstream y must be [T,N,D*H] = [5,3,8] with 120 elements, but 45 came.'],
    ['upstream last', (layers: RecurrentLayers) => layers.forwardBackward(x, {}, { last: x }), 'upstream last must be [N,D*H] = [3,8] with 24 elements, but 45 came.'],
    ['upstream hn', (layers: RecurrentLayers) => layers.forwardBackward(x, {}, { final: { h: x } }), 'upstream hn must be [L*D,N,H] = [4,3,4] with 48 elements, but 45 came.'],
    ['an unknown option', (layers: RecurrentLayers) => layers.forward(x, {}, { length: [5, 5, 5] } as object), 'forward.length: expected one of the options lengths, step, trace'],
    ['a negative step', (layers: RecurrentLayers) => layers.forward(x, {}, { step: -1 }), 'step: expected a whole number of at least 0, got -1.'],
  ])('%s', async (_, call, message) => expect(call(await create({ cell: 'gru', bidirectional: true }))).rejects.toThrow(message));

  it('a state_dict of another module, everything at once', async () => {
    const layers = await create({ cell: 'gru', bidirectional: true });
    const values: Record<string, { shape: readonly number[]; data: ArrayLike<number> }> = { ...(await layers.parameters()) };
    delete values.bias_hh_l1_reverse;
    values.weight_hh_l0 = { shape: [16, 4], data: new Float32Array(64) };
    values.weight_hr_l0 = { shape: [2, 4], data: new Float32Array(8) };
    await expect(layers.load(values)).rejects.toThrow(
      'weight_hh_l0 must be [3H,H] = [12,4], is [16,4]; bias_hh_l1_reverse [3H] = [12] is missing; weight_hr_l0 [2,4] is not of this model',
    );
  });

  it('traces and gradient flow of layers from general ops', async () => {
    const layers = await create({ form: 'general' });
    await expect(layers.forward(x, {}, { trace: true })).rejects.toThrow('trace: expected false for layers from general ops');
    await expect(layers.forwardBackward(x, {}, {}, { gradientFlow: true })).rejects.toThrow('gradientFlow: expected false for layers from general ops');
  });
});
