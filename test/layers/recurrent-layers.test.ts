import { describe, expect, it } from 'vitest';
import { openDevice, RecurrentLayers, type Device, type RecurrentLayersOptions } from '../../src/index.js';
import { CELLS } from '../../src/graph.js';
import { compareArrays, FLOOR, TOLERANCE } from '../../src/verify/compare.js';
import { webgpuDevice } from '../support/devices.js';
import { normals } from '../support/layers.js';

const cpu = (): Promise<Device> => openDevice({ backend: 'reference', precision: 'double' });
const base = { input: 3, hidden: 4, batch: 3, time: 5, seed: 1 } as const;
const [T, N, C, H] = [5, 3, 3, 4];
const x = normals(1, T * N * C);
const lengths = [2, 5, 3];

async function layersOf(options: Partial<RecurrentLayersOptions>): Promise<RecurrentLayers> {
  return RecurrentLayers.create({ device: await cpu(), ...base, ...options });
}

/** x with other numbers and NaN at padded steps. */
function otherPadding(): Float32Array {
  return x.map((value, i) =>
    Math.floor(i / (N * C)) < lengths[Math.floor(i / C) % N] ? value : i % 2 === 0 ? NaN : 1000 - value,
  );
}

describe.each(CELLS)('padding of %s', (cell) => {
  it.each([false, true])('is in no output, state or gradient; pyramidal: %s', async (pyramidal) => {
    const layers = await layersOf({ cell, layers: 2, bidirectional: true, pyramidal });
    const steps = pyramidal ? 3 : T;
    const upstream = { y: normals(2, steps * N * 2 * H), last: normals(3, N * 2 * H) };
    const first = await layers.forwardBackward(x, {}, upstream, { lengths });
    const second = await layers.forwardBackward(otherPadding(), {}, upstream, { lengths });
    expect(second).toEqual(first);
    // Upstream gradients of padded outputs have no effect either.
    const length = (n: number): number => (pyramidal ? Math.ceil(lengths[n] / 2) : lengths[n]);
    const isPadding = (i: number, width: number, of: (n: number) => number): boolean =>
      Math.floor(i / (N * width)) >= of(Math.floor(i / width) % N);
    const third = await layers.forwardBackward(
      x,
      {},
      { ...upstream, y: upstream.y.map((value, i) => (isPadding(i, 2 * H, length) ? 77 : value)) },
      { lengths },
    );
    expect(third).toEqual(first);
    expect(first.output.y.filter((_, i) => isPadding(i, 2 * H, length)).every((value) => value === 0)).toBe(
      true,
    );
    expect(
      first.gradients.x.filter((_, i) => isPadding(i, C, (n) => lengths[n])).every((value) => value === 0),
    ).toBe(true);
    expect(first.output.y.filter((value) => value !== 0).length).toBe(
      [0, 1, 2].reduce((sum, n) => sum + length(n) * 2 * H, 0),
    );
  });

  it('gives each row the results that it has alone', async () => {
    const together = await layersOf({ cell, layers: 2, bidirectional: true });
    const weights = await together.parameters();
    const { y, final } = await together.forward(x, {}, { lengths });
    for (const [n, length] of lengths.entries()) {
      const alone = await layersOf({ cell, layers: 2, bidirectional: true, batch: 1, time: length });
      await alone.load(weights);
      const own = Float32Array.from(
        { length: length * C },
        (_, i) => x[(Math.floor(i / C) * N + n) * C + (i % C)],
      );
      const result = await alone.forward(own);
      const rows = Float32Array.from(
        { length: length * 2 * H },
        (_, i) => y[(Math.floor(i / (2 * H)) * N + n) * 2 * H + (i % (2 * H))],
      );
      expect(compareArrays(rows, result.y, FLOOR.output).error).toBeLessThan(1e-7);
      const states = Float32Array.from(
        { length: 4 * H },
        (_, i) => final.h[(Math.floor(i / H) * N + n) * H + (i % H)],
      );
      expect(compareArrays(states, result.final.h, FLOOR.output).error).toBeLessThan(1e-7);
    }
  });
});

describe('outputs', () => {
  it('last is the last step of each row; each direction has final states at its own end', async () => {
    const layers = await layersOf({ bidirectional: true });
    const { y, last, final } = await layers.forward(x, {}, { lengths });
    const at = (t: number, n: number, j: number): number => y[(t * N + n) * 2 * H + j];
    for (let n = 0; n < N; n++) {
      for (let j = 0; j < 2 * H; j++) expect(last[n * 2 * H + j]).toBe(at(lengths[n] - 1, n, j));
      for (let j = 0; j < H; j++) {
        expect(final.h[n * H + j]).toBe(at(lengths[n] - 1, n, j));
        expect(final.h[(N + n) * H + j]).toBe(at(0, n, H + j));
      }
    }
  });

  it('lengths of T give the same results as no lengths', async () => {
    const layers = await layersOf({ cell: 'gru', layers: 2, bidirectional: true });
    expect(await layers.forward(x, {}, { lengths: [T, T, T] })).toEqual(await layers.forward(x));
  });

  it('rows start from learned initial states unless the call passes others', async () => {
    const layers = await layersOf({ cell: 'gru', initialState: 'learned', bidirectional: true });
    const weights = { ...(await layers.parameters()) };
    const [ahead, back] = [normals(5, H), normals(6, H)];
    await layers.load({
      ...weights,
      h0_l0: { shape: [H], data: ahead },
      h0_l0_reverse: { shape: [H], data: back },
    });
    const h = Float32Array.from({ length: 2 * N * H }, (_, i) => (i < N * H ? ahead : back)[i % H]);
    const fromLearned = await layers.forwardBackward(x, {}, { last: normals(7, N * 2 * H) });
    const given = await layers.forwardBackward(x, { h }, { last: normals(7, N * 2 * H) });
    expect(given.output).toEqual(fromLearned.output);
    // The gradient of the learned state is the sum of the gradients that given states of all rows
    // would have, and given states have gradient 0 then.
    const sums = Float32Array.from({ length: H }, (_, j) =>
      [0, 1, 2].reduce((sum, n) => sum + given.gradients.initial.h[n * H + j], 0),
    );
    expect(
      compareArrays(fromLearned.gradients.parameters.h0_l0.data, sums, FLOOR.gradient).error,
    ).toBeLessThan(1e-6);
    expect(fromLearned.gradients.initial.h.every((value) => value === 0)).toBe(true);
    expect(Array.from(given.gradients.parameters.h0_l0.data).every((value) => value === 0)).toBe(true);
  });
});

describe('dropout', () => {
  const options = { layers: 2, cell: 'gru', dropout: 0.5, recurrentDropout: 0.25 } as const;

  it('is off unless a step is named, and the same for the same step', async () => {
    const [dropping, plain] = [await layersOf(options), await layersOf({ layers: 2, cell: 'gru' })];
    const off = await dropping.forward(x);
    expect(off).toEqual(await plain.forward(x));
    const first = await dropping.forward(x, {}, { step: 3 });
    expect(first).not.toEqual(off);
    expect(await dropping.forward(x, {}, { step: 3 })).toEqual(first);
    expect((await dropping.forwardBackward(x, {}, {}, { step: 3 })).output).toEqual(first);
    expect(await dropping.forward(x, {}, { step: 4 })).not.toEqual(first);
    expect((await plain.forward(x, {}, { step: 3 })).y).toEqual(off.y);
  });

  it('drops different units in each direction and layer, and never outputs of the last layer', async () => {
    const layers = await layersOf({
      layers: 3,
      bidirectional: true,
      dropout: 0.5,
      hidden: 32,
      nonlinearity: 'tanh',
    });
    const { y } = await layers.forward(x, {}, { step: 0 });
    expect(y.every((value) => value !== 0)).toBe(true);
    const single = await layersOf({ layers: 2, bidirectional: true, dropout: 0.5, hidden: 32 });
    // A second layer that copies its input: identity weights on the forward half, relu-free
    // small values.
    const weights = { ...(await single.parameters()) };
    const zero = (name: string): void =>
      void (weights[name] = {
        shape: weights[name].shape,
        data: new Float32Array(weights[name].data.length),
      });
    for (const name of Object.keys(weights).filter((key) => key.includes('_l1'))) zero(name);
    for (const [name, first] of [
      ['weight_ih_l1', 0],
      ['weight_ih_l1_reverse', 32],
    ] as const) {
      const data = new Float32Array(32 * 64);
      for (let j = 0; j < 32; j++) data[j * 64 + first + j] = 1;
      weights[name] = { shape: [32, 64], data };
    }
    await single.load(weights);
    const passed = (await single.forward(x, {}, { step: 0 })).y;
    const dropped = Array.from(passed, (value) => value === 0);
    expect(dropped.filter(Boolean).length / dropped.length).toBeCloseTo(0.5, 1);
    const half = (first: number): boolean[] =>
      dropped.filter((_, i) => i % 64 >= first && i % 64 < first + 32);
    expect(half(0)).not.toEqual(half(32));
  });
});

describe.each([
  ['cpu', cpu],
  ['webgpu', webgpuDevice],
] as const)('calls at the same time on %s', (_, deviceOf) => {
  const other = normals(11, T * N * C);
  const [h, upstream] = [
    normals(12, 2 * N * H),
    { y: normals(13, T * N * 2 * H), final: { h: normals(14, 2 * N * H) } },
  ];
  const options = { ...base, cell: 'gru', bidirectional: true } as const;
  /** Calls with and without each option that needs a program of its own. */
  const calls = [
    (layers: RecurrentLayers) => layers.forward(x),
    (layers: RecurrentLayers) => layers.forward(other, { h }),
    (layers: RecurrentLayers) => layers.forward(other, {}, { lengths }),
    (layers: RecurrentLayers) => layers.forward(x, {}, { lengths: [5, 1, 4], trace: true }),
    (layers: RecurrentLayers) => layers.forwardBackward(x, {}, upstream),
    (layers: RecurrentLayers) => layers.forwardBackward(other, { h }, { last: normals(15, N * 2 * H) }),
    (layers: RecurrentLayers) => layers.forwardBackward(other, {}, upstream, { lengths, gradientFlow: true }),
    (layers: RecurrentLayers) => layers.parameters(),
  ];

  it('give the same results as calls that wait for each other', async () => {
    const device = await deviceOf();
    const [alone, together] = [
      await RecurrentLayers.create({ device, ...options }),
      await RecurrentLayers.create({ device, ...options }),
    ];
    const expected: unknown[] = [];
    for (const call of calls) expected.push(await call(alone));
    expect(await Promise.all(calls.map((call) => call(together)))).toEqual(expected);
    expect(await Promise.all(calls.toReversed().map((call) => call(together)))).toEqual(
      expected.toReversed(),
    );
    alone.dispose();
    together.dispose();
  });

  it('share a program if they are of one kind; dispose frees it', async () => {
    const device = await deviceOf();
    const before = { ...device.counts };
    const sizes = [];
    for (const times of [1, 2]) {
      const layers = await RecurrentLayers.create({ device, ...options });
      await Promise.all(Array.from({ length: times }, () => layers.forward(x)));
      sizes.push(device.counts.bytes);
      layers.dispose();
      expect([device.counts.buffers, device.counts.bytes, device.counts.bindGroups]).toEqual([
        before.buffers,
        before.bytes,
        before.bindGroups,
      ]);
    }
    expect(sizes[1]).toBe(sizes[0]);
  });

  it('ignore refused calls and later changes of the arrays', async () => {
    const layers = await RecurrentLayers.create({ device: await deviceOf(), ...options });
    const [first, last] = [
      await layers.forward(x, { h }, { lengths }),
      await layers.forwardBackward(other, {}, upstream),
    ];
    const changing = { x: x.slice(), h: h.slice(), lengths: [...lengths], other: other.slice() };
    const running = Promise.allSettled([
      layers.forward(changing.x, { h: changing.h }, { lengths: changing.lengths, trace: true }),
      layers.forward(x.subarray(1)),
      layers.load({}),
      layers.forwardBackward(changing.other, {}, upstream),
    ]);
    for (const array of [changing.x, changing.h, changing.lengths, changing.other]) array.fill(1);
    const results = await running;
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(results[0]).toMatchObject({ value: first });
    expect(results[3]).toEqual({ status: 'fulfilled', value: last });
    layers.dispose();
  });

  it('run after a call in which the device failed', async () => {
    const layers = await RecurrentLayers.create({ device: await deviceOf(), ...options });
    const expected = await layers.forward(other);
    layers.memory.read = () => Promise.reject(new Error('no'));
    const failing = layers.forwardBackward(x, {}, {});
    const behind = layers.forward(other);
    await expect(failing).rejects.toThrow('no');
    expect(await behind).toEqual(expected);
    layers.dispose();
  });

  it('end or are rejected after dispose, and later calls are rejected', async () => {
    const device = await deviceOf();
    const before = { ...device.counts };
    const layers = await RecurrentLayers.create({ device, ...options });
    const expected = await layers.forward(x);
    const weights = await layers.parameters();
    const [underWay, waiting] = [layers.forward(x), layers.forward(x)];
    await Promise.resolve(); // the first begins
    layers.dispose();
    layers.dispose();
    const gone = 'These layers have been disposed of: create them again.';
    await expect(waiting).rejects.toThrow(gone);
    expect(await underWay).toEqual(expected);
    for (const call of [...calls, () => layers.load(weights)])
      await expect(call(layers)).rejects.toThrow(gone);
    expect([device.counts.buffers, device.counts.bytes, device.counts.bindGroups]).toEqual([
      before.buffers,
      before.bytes,
      before.bindGroups,
    ]);
  });
});

describe('long windows and wide layers on webgpu', () => {
  it.each([
    { input: 2, hidden: 3, batch: 2, time: 500, cell: 'rnn' },
    { input: 2, hidden: 5, batch: 2, time: 500, cell: 'gru', lengths: [1, 500] },
    { input: 2, hidden: 4, batch: 1, time: 500, cell: 'lstm' },
    { input: 2, hidden: 3, batch: 2, time: 500, cell: 'minlstm', lengths: [500, 3] },
    { input: 2, hidden: 1024, batch: 2, time: 2, cell: 'rnn', lengths: [1, 2] },
    { input: 2, hidden: 1024, batch: 1, time: 2, cell: 'lstm' },
    { input: 2, hidden: 1024, batch: 2, time: 3, cell: 'mingru', lengths: [3, 2] },
  ] as const)(
    '%o',
    async ({
      lengths: given,
      ...sizes
    }: { lengths?: readonly number[] } & Omit<RecurrentLayersOptions, 'device'>) => {
      const results = [];
      for (const device of [await webgpuDevice(), await cpu()]) {
        const layers = await RecurrentLayers.create({ device, ...sizes });
        const { time, batch, input, hidden } = sizes;
        results.push(
          await layers.forwardBackward(
            normals(1, time * batch * input),
            {},
            { last: normals(2, batch * hidden) },
            given ? { lengths: given } : {},
          ),
        );
        layers.dispose();
      }
      const [got, expected] = results;
      expect(compareArrays(got.output.y, expected.output.y, FLOOR.output).error).toBeLessThan(
        TOLERANCE.output,
      );
      expect(compareArrays(got.gradients.x, expected.gradients.x, FLOOR.gradient).error).toBeLessThan(
        TOLERANCE.gradient,
      );
      for (const [name, { data }] of Object.entries(expected.gradients.parameters)) {
        expect(
          compareArrays(got.gradients.parameters[name].data, data, FLOOR.gradient).error,
          name,
        ).toBeLessThan(TOLERANCE.gradient);
      }
    },
  );
});
