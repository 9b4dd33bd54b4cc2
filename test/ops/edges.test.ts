import { describe, expect, it } from 'vitest';
import { ReferenceDevice } from '../../src/reference/device.js';
import { ShapeError } from '../../src/index.js';
import type { Dims } from '../../src/core/notation.js';
import type { OpCase } from '../../src/plan/op-case.js';
import { compareArrays } from '../../src/verify/compare.js';
import { buildOpGraph } from '../../src/verify/op-graph.js';
import { webgpuDevice } from '../support/devices.js';
import { allOps, loadedOp } from '../support/ops.js';

const sick = { values: [NaN, 1, Infinity, -2, -Infinity, 0.5, 3] };
const small = { scale: 0.4 };

describe('NaN stays NaN, so that an earlier fault stays visible', () => {
  const nonlinearities = ['tanh', 'relu'];
  const variants = ['tiled', 'simple'];
  const cases: [string, OpCase][] = [
    ...['tanh', 'sigmoid', 'relu'].flatMap((op) =>
      [28, 29].map((E): [string, OpCase] => [op, { dims: { E }, fill: { x: sick } }]),
    ),
    ...nonlinearities.flatMap((nonlinearity) =>
      variants.flatMap((variant) =>
        [7, 8].map((H): [string, OpCase] => [
          'rnn',
          {
            dims: { T: 2, N: 3, H },
            attributes: { nonlinearity, variant },
            without: ['keep', 'lengths', 'key', 'h0_learned', 'masked', 'dh'],
            fill: { projected: { values: [NaN, ...Array<number>(13).fill(0.3)] }, weight_hh: small },
          },
        ]),
      ),
    ),
    ...['after', 'before'].flatMap((reset) =>
      variants.flatMap((variant) =>
        [7, 8].map((H): [string, OpCase] => [
          'gru',
          {
            dims: { T: 2, N: 3, H },
            attributes: { reset, variant },
            without: ['keep', 'lengths', 'key', 'h0_learned', 'masked', 'dh'],
            fill: { projected: { values: [NaN, ...Array<number>(3 * H + 1).fill(0.3)] }, weight_hh: small },
          },
        ]),
      ),
    ),
  ];
  it.each(
    cases.map(
      ([op, opCase]) => [op, JSON.stringify({ ...opCase.dims, ...opCase.attributes }), opCase] as const,
    ),
  )('%s %s', async (name, _, opCase) => {
    const { graph, data, outputs } = buildOpGraph(loadedOp(name), opCase, { backward: false });
    const read = async (
      device: Pick<ReferenceDevice, 'createMemory' | 'prepare'>,
    ): Promise<Record<string, ArrayLike<number>>> => {
      const memory = await device.createMemory();
      const program = await device.prepare(graph, memory, { maxSteps: 1 });
      for (const [tensor, values] of Object.entries(data)) await program.write(tensor, values);
      await program.submit([{}]);
      const results = Object.fromEntries(
        await Promise.all(outputs.map(async (tensor) => [tensor, await program.read(tensor)] as const)),
      );
      program.dispose();
      memory.dispose();
      return results;
    };
    const expected = await read(new ReferenceDevice(allOps, 'double'));
    const got = await read((await webgpuDevice()) as unknown as ReferenceDevice);
    expect(outputs.some((tensor) => Array.from(expected[tensor]).some(Number.isNaN))).toBe(true);
    for (const tensor of outputs)
      expect(
        compareArrays(got[tensor], expected[tensor], 1).error,
        `${tensor}: ${Array.from(got[tensor]).join()}, not ${Array.from(expected[tensor]).join()}`,
      ).toBeLessThan(1e-5);
  });
});

it('NaN among the logits makes the loss and the gradient of its row non-finite', async () => {
  const V = 9;
  const opCase: OpCase = {
    dims: { R: 4, V },
    fill: { logits: { values: [NaN, ...Array<number>(12).fill(0.3)] }, targets: { values: [2] } },
  };
  const { graph, data } = buildOpGraph(allOps.softmax_cross_entropy, opCase, { backward: false });
  const device = await webgpuDevice();
  const program = await device.prepare(graph, await device.createMemory(), { maxSteps: 1 });
  for (const [tensor, content] of Object.entries(data)) await program.write(tensor, content);
  await program.submit([{}]);
  const [loss, gradient] = [Array.from(await program.read('loss')), Array.from(await program.read('logits'))];
  expect(loss.map(Number.isFinite)).toEqual([false, false, false, true]);
  expect([0, 1, 2, 3].map((r) => gradient.slice(r * V, (r + 1) * V).every(Number.isFinite))).toEqual([
    false,
    false,
    false,
    true,
  ]);
  program.dispose();
});

it.each([
  ['one NaN', [NaN, 1, 4, 2], 2],
  ['NaN only', [NaN], 0],
  ['equal logits', [3, 3, 1], 0],
])('a greedy sample from %s is a symbol, the same on both', async (_, values, choice) => {
  const opCase: OpCase = {
    dims: { R: 1, V: values.length },
    fill: { logits: { values }, control: { values: [0xffffffff, 1, 1, 0] }, temperature: { values: [0] } },
  };
  const { graph, data } = buildOpGraph(allOps.sample, opCase, { backward: false });
  for (const device of [new ReferenceDevice(allOps, 'double'), await webgpuDevice()]) {
    const program = await device.prepare(graph, await device.createMemory(), { maxSteps: 1 });
    for (const [tensor, content] of Object.entries(data)) await program.write(tensor, content);
    await program.submit([{}]);
    expect([...(await program.read('chosen'))]).toEqual([choice]);
    program.dispose();
  }
});

/** Rows, columns and elements far beyond what one dimension of a grid has workgroups for. */
const MANY = 1_000_000;

/** A part cannot be larger than the whole: sizes that must grow with one letter of an op. */
const WHOLES: Readonly<Record<string, Dims>> = {
  'pair_steps S': { T: 2 * MANY },
  'slice S': { R: MANY },
  'slice_columns M': { C: MANY },
  'top_k K': { V: MANY },
  'convolution I': { Y: MANY },
  'convolution J': { X: MANY },
  'convolution Y': { I: MANY },
  'convolution X': { J: MANY },
  'max_pool I': { Y: MANY / 2 },
  'max_pool J': { X: MANY / 2 },
  'max_pool Y': { I: 2 * MANY },
  'max_pool X': { J: 2 * MANY },
};

describe('no launch exceeds the 65,535 workgroups that every device allows', () => {
  it.each(Object.values(allOps).map((op) => [op.name, op] as const))('%s', (_, op) => {
    const [opCase] = op.cases;
    // T is a number of launches, B the caller's choice (squared_norm refuses more), and F counts twice.
    for (const letter of Object.keys(opCase.dims).filter((dim) => !['T', 'B', 'F'].includes(dim))) {
      for (const parallelism of [64, 16384]) {
        const dims = {
          ...opCase.dims,
          ...WHOLES[`${op.name} ${letter}`],
          [letter]: letter === 'E' ? MANY - (MANY % 64) : MANY,
        };
        const has = (): boolean => true;
        const planners = [op.plan.forward, ...(op.plan.backward ? [op.plan.backward] : [])];
        for (const planner of planners) {
          for (const { grid, kernel } of planner({
            dims,
            attributes: { ...op.attributes, ...('symbols' in op.attributes ? { symbols: 1 } : {}) },
            target: { parallelism },
            has,
            accumulate: [],
          })) {
            expect(
              Math.max(...grid),
              `${kernel.name} with ${letter} = ${MANY} on ${parallelism}: ${grid.join('×')}`,
            ).toBeLessThanOrEqual(65535);
          }
        }
      }
    }
  });

  it('squared_norm refuses too many blocks, with the limit', () => {
    expect(() =>
      allOps.squared_norm.plan.forward({
        dims: { E: 64, B: 65536 },
        attributes: {},
        target: { parallelism: 64 },
        has: () => true,
        accumulate: [],
      }),
    ).toThrow(ShapeError);
  });
});
