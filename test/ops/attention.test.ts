import { describe, expect, it } from 'vitest';
import {
  attentionData,
  attentionGraph,
  type AttentionGraph,
  type AttentionWindow,
} from '../../src/bench/attention-graph.js';
import { elementCount } from '../../src/core/notation.js';
import { ReferenceDevice } from '../../src/reference/device.js';
import { compileLoaded } from '../../src/plan/compile.js';
import type { Device } from '../../src/plan/device.js';
import { differentiate } from '../../src/plan/differentiate.js';
import { GraphBuilder } from '../../src/plan/graph.js';
import { buildOpGraph } from '../../src/verify/op-graph.js';
import { compareArrays, FLOOR, TOLERANCE } from '../../src/verify/compare.js';
import { webgpuDevice } from '../support/devices.js';
import { allOps, loadedOp } from '../support/ops.js';

const KINDS = ['rnn', 'lstm', 'gru'] as const;

const [N, S, A, H] = [3, 6, 5, 8];
const LENGTHS = [4, 2, 1];
const SOURCE_LENGTHS = [2, 6, 5];
const T = Math.max(...LENGTHS);
const SIZES = { T, N, S, A, H };

/** Runs a graph on random numbers, and reads all its results. */
async function run(
  device: Pick<Device, 'createMemory' | 'prepare'>,
  built: AttentionGraph,
): Promise<Record<string, ArrayLike<number>>> {
  const memory = await device.createMemory();
  const program = await device.prepare(built.graph, memory, { maxSteps: 1 });
  const data = attentionData(built, SIZES, { lengths: LENGTHS, source_lengths: SOURCE_LENGTHS });
  for (const [name, values] of Object.entries(data)) await program.write(name, values);
  await program.submit([{}]);
  const read: Record<string, ArrayLike<number>> = {};
  for (const name of [...built.results, ...Object.values(built.gradients)])
    read[name] = await program.read(name);
  program.dispose();
  memory.dispose();
  return read;
}

describe('the fused decoder agrees with the same written from general ops', () => {
  const windows: AttentionWindow[] = [
    ...KINDS.map((cell) => ({ cell, sizes: SIZES })),
    { cell: 'gru', reset: 'before', sizes: SIZES },
  ];
  it.each(windows.map((each) => [`${each.cell} ${each.reset ?? ''}`, each] as const))(
    '%s',
    async (_, each) => {
      const [fused, general] = [attentionGraph(each, 'fused'), attentionGraph(each, 'general')];
      const expected = await run(new ReferenceDevice(allOps, 'double'), general);
      for (const device of [new ReferenceDevice(allOps, 'double'), await webgpuDevice()]) {
        const got = await run(device, fused);
        expect(fused.results.length).toBe(each.cell === 'lstm' ? 4 : 3);
        for (const name of fused.results)
          expect(compareArrays(got[name], expected[name], FLOOR.output).error, name).toBeLessThan(
            TOLERANCE.output,
          );
        for (const name of Object.values(fused.gradients))
          expect(compareArrays(got[name], expected[name], FLOOR.gradient).error, name).toBeLessThan(
            TOLERANCE.gradient,
          );
      }
    },
  );
});

it('weights sum to 1 over the positions of the source, and are 0 at padding', async () => {
  const got = await run(await webgpuDevice(), attentionGraph({ cell: 'gru', sizes: SIZES }, 'fused'));
  const weights = Array.from(got['result attention']);
  for (let t = 0; t < T; t++) {
    for (let n = 0; n < N; n++) {
      const row = weights.slice((t * N + n) * S, (t * N + n + 1) * S);
      const own = row.slice(0, SOURCE_LENGTHS[n]).reduce((sum, weight) => sum + weight, 0);
      expect(own).toBeCloseTo(t < LENGTHS[n] ? 1 : 0, 6);
      expect(row.slice(SOURCE_LENGTHS[n]).every((weight) => weight === 0)).toBe(true);
    }
  }
});

it('attend passes gradients of its weights back where no op reads the context', async () => {
  const [H, C] = [8, 4];
  const builder = new GraphBuilder();
  const shapes = {
    state: [N, H],
    weight_query: [A, H],
    keys: [S, N, A],
    weight_score: [1, A],
    values: [S, N, C],
  };
  const tensors = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, builder.tensor('input', name, shape)]),
  );
  const { attention } = builder.apply(allOps.attend, 'attend', tensors);
  const upstream = { [attention.name]: builder.tensor('input', 'dattention', [N, S]) };
  const gradients = differentiate(builder, { ops: allOps, wanted: Object.values(tensors), upstream });
  const copied = Object.entries(gradients).map(([name, tensor]): [string, string] => {
    const flat = builder.view(tensor, [1, elementCount(tensor.shape)]);
    const y = builder.tensor('output', `gradient ${name}`, flat.shape);
    builder.apply(allOps.slice, `copy of d${name}`, { x: flat, y }, {}, { S: 1 });
    return [name, y.name];
  });
  const built = { graph: builder.graph, results: [], gradients: Object.fromEntries(copied) };
  const expected = await run(new ReferenceDevice(allOps, 'double'), built);
  const got = await run(await webgpuDevice(), built);
  for (const [, name] of copied)
    expect(compareArrays(got[name], expected[name], FLOOR.gradient).error, name).toBeLessThan(
      TOLERANCE.gradient,
    );
  expect(Array.from(got['gradient values']).every((gradient) => gradient === 0)).toBe(true);
  expect(Array.from(got['gradient state']).some((gradient) => Math.abs(gradient) > 1e-3)).toBe(true);
});

describe.each(KINDS)('launches of attention_%s', (kind) => {
  const count = (name: string, T: number, without: readonly string[]): number => {
    const opCase = { dims: { T, N, S, A, H }, without };
    const { graph } = buildOpGraph(loadedOp(name), opCase, { backward: true });
    return compileLoaded(graph, allOps, { parallelism: 16384 }).launches.length;
  };
  // Two at each step: one attends, one goes back through it. Beside the loop, forward: the copy of the
  // inputs, and that of the weights. Backward: what comes from outside, the attention's part of dh0, and
  // the gradients of weight_query, of keys, of weight_score and of values.
  it.each([1, 5, 30])('2·T + 8 more launches than the cell, T = %i', (T) => {
    const cell = count(kind, T, ['keep', 'key', 'h0_learned', 'c0_learned', 'masked', 'dh']);
    const decoder = count(`attention_${kind}`, T, ['key', 'masked', 'dh']);
    expect(decoder - cell).toBe(2 * T + 8);
  });
});
