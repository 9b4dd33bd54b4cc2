import { describe, expect, it } from 'vitest';
import { deviceArray } from '../../src/core/arrays.js';
import { elementCount } from '../../src/core/notation.js';
import { Random, STREAM } from '../../src/core/random.js';
import { ReferenceDevice } from '../../src/reference/device.js';
import { FACTS, GATES } from '../../src/cells/facts.js';
import { generalAttentionDecoder } from '../../src/cells/general-attention.js';
import { gru } from '../../src/cells/gru/index.js';
import { lstm } from '../../src/cells/lstm/index.js';
import { rnn } from '../../src/cells/rnn/index.js';
import { compileLoaded } from '../../src/plan/compile.js';
import type { Device } from '../../src/plan/device.js';
import { differentiate } from '../../src/plan/differentiate.js';
import { GraphBuilder, type Graph } from '../../src/plan/graph.js';
import type { Tensor } from '../../src/plan/tensor.js';
import { buildOpGraph } from '../../src/verify/op-graph.js';
import { compareArrays, FLOOR, TOLERANCE } from '../../src/verify/compare.js';
import { webgpuDevice } from '../support/devices.js';
import { allOps, loadedOp } from '../support/ops.js';

const RECORDS = { rnn, lstm, gru };
const KINDS = ['rnn', 'lstm', 'gru'] as const;
type Kind = (typeof KINDS)[number];
interface Settings {
  readonly kind: Kind;
  readonly reset?: 'after' | 'before';
}

const [N, S, A, H] = [3, 6, 5, 8];
const LENGTHS = [4, 2, 1];
const SOURCE_LENGTHS = [2, 6, 5];

interface Built {
  readonly graph: Graph;
  readonly results: readonly string[];
  readonly gradients: Readonly<Record<string, string>>;
}

/** A window forward and back, by the fused op or from general allOps, on tensors of the same names. */
function build({ kind, reset = 'after' }: Settings, fused: boolean, T: number): Built {
  const builder = new GraphBuilder();
  const C = GATES[kind].length * H;
  const names = FACTS[kind].states;
  const input = (name: string, shape: readonly number[], dtype: 'f32' | 'u32' = 'f32'): Tensor =>
    builder.tensor('input', name, shape, dtype);
  const differentiable = {
    projected: input('projected', [T, N, C]),
    weight_hh: input('weight_hh', [C, H]),
    bias_hh: input('bias_hh', [C]),
    weight_query: input('weight_query', [A, H]),
    weight_score: input('weight_score', [1, A]),
    keys: input('keys', [S, N, A]),
    values: input('values', [S, N, C]),
    ...Object.fromEntries(names.map((name) => [`${name}0`, input(`${name}0`, [N, H])])),
  };
  const lengths = input('lengths', [N], 'u32');
  const sourceLengths = input('source_lengths', [N], 'u32');
  const outputs: Record<string, Tensor> = {};
  if (fused) {
    const made = builder.apply(
      loadedOp(`attention_${kind}`),
      'fused',
      { ...differentiable, lengths, source_lengths: sourceLengths },
      kind === 'gru' ? { reset } : {},
    );
    for (const name of ['y', 'attention', ...names.map((state) => `${state}n`)]) outputs[name] = made[name];
  } else {
    const made = generalAttentionDecoder(builder, 'general', RECORDS[kind], {
      projected: differentiable.projected,
      initial: Object.fromEntries(names.map((name) => [name, builder.get(`${name}0`)])),
      weightHh: differentiable.weight_hh,
      biasHh: differentiable.bias_hh,
      nonlinearity: 'tanh',
      reset,
      weightQuery: differentiable.weight_query,
      weightScore: differentiable.weight_score,
      keys: differentiable.keys,
      values: differentiable.values,
      lengths,
      sourceLengths,
    });
    Object.assign(outputs, { y: made.output, attention: made.attention });
    for (const name of names) outputs[`${name}n`] = made.final[name];
  }
  const upstream: Record<string, Tensor> = {};
  const results: string[] = [];
  for (const [name, tensor] of Object.entries(outputs)) {
    upstream[tensor.name] = input(`d${name}`, tensor.shape);
    const flat = builder.view(tensor, [1, elementCount(tensor.shape)]);
    const y = builder.tensor('output', `result ${name}`, flat.shape);
    builder.apply(allOps.slice, `copy of ${name}`, { x: flat, y }, {}, { S: 1 });
    results.push(y.name);
  }
  const gradients = differentiate(builder, { ops: allOps, wanted: Object.values(differentiable), upstream });
  const copies = Object.entries(gradients).map(([name, tensor]): [string, string] => {
    const flat = builder.view(tensor, [1, elementCount(tensor.shape)]);
    const y = builder.tensor('output', `gradient ${name}`, flat.shape);
    builder.apply(allOps.slice, `copy of d${name}`, { x: flat, y }, {}, { S: 1 });
    return [name, y.name];
  });
  return { graph: builder.graph, results, gradients: Object.fromEntries(copies) };
}

/** Runs a window on the same random numbers, whatever the graph is made of. */
async function run(
  device: Pick<Device, 'createMemory' | 'prepare'>,
  { graph, results, gradients }: Built,
): Promise<Record<string, ArrayLike<number>>> {
  const memory = await device.createMemory();
  const program = await device.prepare(graph, memory, { maxSteps: 1 });
  const inputs = Object.values(graph.tensors).filter(({ kind, view }) => kind === 'input' && !view);
  for (const { name, shape, dtype } of inputs.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const random = new Random(
      [...name].reduce((sum, letter) => 31 * sum + letter.charCodeAt(0), 7) % 65536,
      STREAM.test,
    );
    const data = deviceArray(dtype, elementCount(shape));
    const fixed = { lengths: LENGTHS, source_lengths: SOURCE_LENGTHS }[name];
    for (let i = 0; i < data.length; i++) data[i] = fixed ? fixed[i] : 0.6 * random.normal();
    await program.write(name, data);
  }
  await program.submit([{}]);
  const read: Record<string, ArrayLike<number>> = {};
  for (const name of [...results, ...Object.values(gradients)]) read[name] = await program.read(name);
  program.dispose();
  memory.dispose();
  return read;
}

describe('the fused decoder agrees with the same written from general ops', () => {
  const settings: Settings[] = [...KINDS.map((kind) => ({ kind })), { kind: 'gru', reset: 'before' }];
  it.each(settings.map((each) => [`${each.kind} ${each.reset ?? ''}`, each] as const))(
    '%s',
    async (_, each) => {
      const T = Math.max(...LENGTHS);
      const [fused, general] = [build(each, true, T), build(each, false, T)];
      const expected = await run(new ReferenceDevice(allOps, 'double'), general);
      for (const device of [new ReferenceDevice(allOps, 'double'), await webgpuDevice()]) {
        const got = await run(device, fused);
        expect(fused.results.length).toBe(each.kind === 'lstm' ? 4 : 3);
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

it('weights sum to 1 over the own positions of a source, and are 0 at padding', async () => {
  const T = Math.max(...LENGTHS);
  const got = await run(await webgpuDevice(), build({ kind: 'gru' }, true, T));
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

it('attend passes gradients of its weights back where nobody reads the context', async () => {
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
  it.each([1, 5, 30])('2·T + 8 more than those of the cell, T = %i', (T) => {
    const cell = count(kind, T, ['keep', 'key', 'h0_learned', 'c0_learned', 'masked', 'dh']);
    const decoder = count(`attention_${kind}`, T, ['key', 'masked', 'dh']);
    expect(decoder - cell).toBe(2 * T + 8);
  });
});
