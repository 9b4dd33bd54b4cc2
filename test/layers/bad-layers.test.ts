import { describe, expect, it } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import { openDevice, RecurrentLayers, UnrolledError } from '../../src/index.js';
import { CELLS, GATES, LEGEND } from '../../src/graph.js';

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
    [
      { cell: 'mingru', recurrentDropout: 0.5 },
      'recurrentDropout: expected 0 for the cell mingru, which has no recurrent weights, got 0.5.',
    ],
    [{ layers: 1, dropout: 0.5 }, 'dropout: expected 0 for a single layer'],
    [{ layers: 1, pyramidal: true }, 'pyramidal: expected false for a single layer'],
    [{ bidirectional: 2 }, 'bidirectional: expected true or false, got 2.'],
    [{ merge: 'max' }, 'merge: expected one of concat, sum, mean, product, got "max".'],
    [{ reset: 'never' }, 'reset: expected one of after, before, got "never".'],
    [{ initialState: 'one' }, 'initialState: expected one of zero, learned, got "one".'],
    [{ hidden: 0 }, 'hidden: expected a whole number of at least 1, got 0.'],
    [{ hiden: 4 }, 'layers.hiden: expected one of the options'],
    [{ seed: -1 }, 'seed: expected a whole number from 0 to 4294967295, got -1.'],
    [{ device: undefined }, 'device: expected a device, as `await openDevice()` gives it, got undefined.'],
    [{ device: null }, 'device: expected a device, as `await openDevice()` gives it, got null.'],
    [
      { device: Promise.resolve() },
      'device: expected a device, as `await openDevice()` gives it, got a Promise.',
    ],
  ])('%o', async (options, message) => expect(create(options)).rejects.toThrow(message));
});

describe('arrays that do not fit are refused in letters and numbers', () => {
  const x = new Float32Array(5 * 3 * 3);

  it.each([
    [
      'x',
      (layers: RecurrentLayers) => layers.forward(new Float32Array(44)),
      'x must be [T,N,C] = [5,3,3] with 45 elements, but 44 came.',
    ],
    [
      'h0',
      (layers: RecurrentLayers) => layers.forward(x, { h: [1, 2] }),
      'h0 must be [L*D,N,H] = [4,3,4] with 48 elements, but 2 came.',
    ],
    [
      'c0 of a GRU',
      (layers: RecurrentLayers) => layers.forward(x, { c: new Float32Array(48) }),
      'initial.c: expected one of the options h',
    ],
    [
      'too few lengths',
      (layers: RecurrentLayers) => layers.forward(x, {}, { lengths: [5, 5] }),
      'lengths must be [N] = [3], a number of steps for every batch row, but 2 came.',
    ],
    [
      'a length of 0',
      (layers: RecurrentLayers) => layers.forward(x, {}, { lengths: [5, 0, 1] }),
      'lengths must be whole numbers from 1 to T = 5, but row 1 has 0.',
    ],
    [
      'a length above T',
      (layers: RecurrentLayers) => layers.forward(x, {}, { lengths: [5, 1, 6] }),
      'lengths must be whole numbers from 1 to T = 5, but row 2 has 6.',
    ],
    [
      'half a step',
      (layers: RecurrentLayers) => layers.forward(x, {}, { lengths: [2.5, 1, 1] }),
      'lengths must be whole numbers from 1 to T = 5, but row 0 has 2.5.',
    ],
    [
      'no number',
      (layers: RecurrentLayers) => layers.forward(x, {}, { lengths: [1, NaN, 1] }),
      'but row 1 has NaN.',
    ],
    [
      'upstream y',
      (layers: RecurrentLayers) => layers.forwardBackward(x, {}, { y: x }),
      'upstream y must be [T,N,D*H] = [5,3,8] with 120 elements, but 45 came.',
    ],
    [
      'upstream last',
      (layers: RecurrentLayers) => layers.forwardBackward(x, {}, { last: x }),
      'upstream last must be [N,D*H] = [3,8] with 24 elements, but 45 came.',
    ],
    [
      'upstream hn',
      (layers: RecurrentLayers) => layers.forwardBackward(x, {}, { final: { h: x } }),
      'upstream hn must be [L*D,N,H] = [4,3,4] with 48 elements, but 45 came.',
    ],
    [
      'an unknown option',
      (layers: RecurrentLayers) => layers.forward(x, {}, { length: [5, 5, 5] } as object),
      'forward.length: expected one of the options lengths, step, trace',
    ],
    [
      'a negative step',
      (layers: RecurrentLayers) => layers.forward(x, {}, { step: -1 }),
      'step: expected a whole number from 0 to 4294967295, got -1.',
    ],
  ])('%s', async (_, call, message) =>
    expect(call(await create({ cell: 'gru', bidirectional: true }))).rejects.toThrow(message),
  );

  it.each([
    [
      { bidirectional: true, merge: 'sum' },
      'upstream y must be [T,N,H] = [5,3,4] with 60 elements, but 120 came.',
      120,
    ],
    [
      { bidirectional: true, merge: 'sum', pyramidal: true },
      'upstream y must be [T,N,H] = [3,3,4] with 36 elements, but 60 came.',
      60,
    ],
    [
      { bidirectional: true, pyramidal: true },
      'upstream y must be [T,N,D*H] = [3,3,8] with 72 elements, but 60 came.',
      60,
    ],
    [{}, 'upstream y must be [T,N,D*H] = [5,3,4] with 60 elements, but 61 came.', 61],
  ])('outputs of %o', async (options, message, elements) =>
    expect((await create(options)).forwardBackward(x, {}, { y: new Float32Array(elements) })).rejects.toThrow(
      message,
    ),
  );

  it('lists every misfit of the state_dict of another module', async () => {
    const layers = await create({ cell: 'gru', bidirectional: true });
    const values: Record<string, { shape: readonly number[]; data: ArrayLike<number> }> = {
      ...(await layers.parameters()),
    };
    delete values.bias_hh_l1_reverse;
    values.weight_hh_l0 = { shape: [16, 4], data: new Float32Array(64) };
    values.weight_hr_l0 = { shape: [2, 4], data: new Float32Array(8) };
    await expect(layers.load(values)).rejects.toThrow(
      'weight_hh_l0 must be [3H,H] = [12,4], is [16,4]; bias_hh_l1_reverse [3H] = [12] is missing; ' +
        'weight_hr_l0 [2,4] is not of this model',
    );
  });

  it('traces and gradient flow of layers from general ops', async () => {
    const layers = await create({ form: 'general' });
    await expect(layers.forward(x, {}, { trace: true })).rejects.toThrow(
      'trace: expected false for layers from general ops',
    );
    await expect(layers.forwardBackward(x, {}, {}, { gradientFlow: true })).rejects.toThrow(
      'gradientFlow: expected false for layers from general ops',
    );
  });
});

describe('values that are no arrays of numbers or no objects are refused by their type', () => {
  const x = new Float32Array(5 * 3 * 3);
  const X = 'x must be [T,N,C] = [5,3,3], a flat array of numbers such as a Float32Array, got';
  const LENGTHS = 'lengths must be [N] = [3], an array of numbers such as a Uint32Array, got';
  const plain = Array.from(x);
  // Plain JavaScript may pass these in spite of the types.
  const forward = (...args: readonly unknown[]): ((layers: RecurrentLayers) => Promise<unknown>) => {
    return (layers) => layers.forward(...(args as Parameters<RecurrentLayers['forward']>));
  };
  const backward = (...args: readonly unknown[]): ((layers: RecurrentLayers) => Promise<unknown>) => {
    return (layers) =>
      layers.forwardBackward(...(args as unknown as Parameters<RecurrentLayers['forwardBackward']>));
  };

  it.each([
    [forward(), `${X} undefined.`],
    [forward(null), `${X} null.`],
    [forward(45), `${X} 45.`],
    [forward('x'.repeat(45)), `${X} "${'x'.repeat(45)}".`],
    [forward({}), `${X} an object.`],
    [forward(new ArrayBuffer(180)), `${X} ArrayBuffer.`],
    [forward(new DataView(new ArrayBuffer(180))), `${X} DataView.`],
    [forward(new BigInt64Array(45)), `${X} BigInt64Array.`],
    [forward(new BigUint64Array(45)), `${X} BigUint64Array.`],
    [forward(Array.from(x, String)), `${X} an array whose element 0 is "0".`],
    [forward(plain.with(44, 1n as unknown as number)), `${X} an array whose element 44 is 1n.`],
    [forward([...plain.slice(1), undefined]), `${X} an array whose element 44 is undefined.`],
    [forward(new Array(45)), `${X} an array whose element 0 is undefined.`],
    [forward([[[0, 0, 0]]]), `${X} an array whose element 0 is an array.`],
    [
      forward(x, { h: [[0]] }),
      'h0 must be [L*D,N,H] = [2,3,4], a flat array of numbers such as a Float32Array, got an array ' +
        'whose element 0 is an array.',
    ],
    [
      forward(x, { h: null }),
      'h0 must be [L*D,N,H] = [2,3,4], a flat array of numbers such as a Float32Array, got null.',
    ],
    [forward(x, null), 'initial: expected an object with any of h, got null.'],
    [forward(x, []), 'initial: expected an object with any of h, got [].'],
    [forward(x, {}, null), 'forward: expected an object with any of lengths, step, trace, got null.'],
    [forward(x, {}, { lengths: null }), `${LENGTHS} null.`],
    [forward(x, {}, { lengths: 5 }), `${LENGTHS} 5.`],
    [forward(x, {}, { lengths: [5n, 5n, 5n] }), `${LENGTHS} an array whose element 0 is 5n.`],
    [forward(x, {}, { lengths: new BigInt64Array(3).fill(5n) }), `${LENGTHS} BigInt64Array.`],
    [forward(x, {}, { lengths: [5, '5', 5] }), `${LENGTHS} an array whose element 1 is "5".`],
    [forward(x, {}, { trace: 'yes' }), 'trace: expected true or false, got "yes".'],
    [forward(x, {}, { trace: null }), 'trace: expected true or false, got null.'],
    [backward(undefined, {}, {}), `${X} undefined.`],
    [backward(x, null, {}), 'initial: expected an object with any of h, got null.'],
    [backward(x, {}), 'upstream: expected an object with any of y, last, final, got undefined.'],
    [
      backward(x, {}, { y: new BigInt64Array(60) }),
      'upstream y must be [T,N,D*H] = [5,3,4], a flat array of numbers such as a Float32Array, got ' +
        'BigInt64Array.',
    ],
    [
      backward(x, {}, { last: null }),
      'upstream last must be [N,D*H] = [3,4], a flat array of numbers such as a Float32Array, got null.',
    ],
    [backward(x, {}, { final: null }), 'upstream.final: expected an object with any of h, got null.'],
    [backward(x, {}, { final: { c: x } }), 'upstream.final.c: expected one of the options h'],
    [backward(x, {}, {}, { gradientFlow: 1 }), 'gradientFlow: expected true or false, got 1.'],
    [
      (layers: RecurrentLayers) => layers.load(undefined as never),
      'The state_dict does not fit the model: expected an object with { shape, data } by parameter ' +
        'name, got undefined.',
    ],
  ])('%#: $1', async (call, message) => {
    const refused = await call(await create({})).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UnrolledError);
    expect((refused as Error).message).toContain(message);
  });

  it('other arrays of numbers are taken: in double precision, of whole numbers, plain', async () => {
    const layers = await create({});
    const expected = await layers.forward(x, {}, { lengths: [5, 1, 2] });
    for (const same of [new Float64Array(45), new Int8Array(45), plain])
      expect(await layers.forward(same, {}, { lengths: Uint8Array.of(5, 1, 2) })).toEqual(expected);
  });
});

describe('the legend', () => {
  it('lists the number of gates of every cell', () => {
    for (const cell of CELLS) expect(LEGEND.G.toLowerCase()).toContain(`${GATES[cell].length} ${cell}`);
  });

  it('lists every letter in the shapes of docstrings and messages', () => {
    const folder = new URL('../../src/layers/', import.meta.url);
    const shapes = readdirSync(folder).flatMap(
      (name) => readFileSync(new URL(name, folder), 'utf8').match(/\[[0-9A-Z]+(?:[*+,][0-9A-Z]+)+\]/g) ?? [],
    );
    const letters = shapes.flatMap((shape) => shape.match(/[A-Z]+/g) ?? []);
    expect(letters.length).toBeGreaterThan(100);
    expect([...new Set(letters)].filter((letter) => !(letter in LEGEND))).toEqual([]);
  });
});
