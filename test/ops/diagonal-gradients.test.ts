import { describe, expect, it } from 'vitest';
import { FACTS } from '../../src/cells/facts.js';
import { GpuExecutor } from '../../src/gpu/executor.js';
import { differentiate, GraphBuilder, ops } from '../../src/graph.js';
import type { Plan } from '../../src/plan/compile.js';
import type { Graph } from '../../src/plan/graph.js';
import type { PlanTarget } from '../../src/plan/target.js';
import { alignElements, type Tensor } from '../../src/plan/tensor.js';
import { ReferenceDevice } from '../../src/reference/device.js';
import { compareArrays, FLOOR, TOLERANCE } from '../../src/verify/compare.js';
import { diagonalPlan, diagonalsOf, DISCRETE, PHASES, stacksOf } from '../support/diagonals.js';
import { webgpuDevice } from '../support/devices.js';
import { normals } from '../support/layers.js';
import { allOps } from '../support/ops.js';

const executor = new GpuExecutor((await webgpuDevice()).native);
const judge = new ReferenceDevice(allOps, 'double');

const [T, N, H, L] = [4, 3, 10, 3];

/** Layers whose gradients come from some of their results, and go to some of their weights. */
interface StackCase {
  readonly cell: 'rnn' | 'lstm' | 'gru';
  /** Whether the outputs of the top layer have a gradient. */
  readonly dy?: boolean;
  /** Layers whose final states have gradients. */
  readonly finals?: readonly number[];
  /** Number of layers, from the lowest up, whose weights have no gradient. Default: 0. */
  readonly frozen?: number;
  /** Whether backward stores dL/dh of the lowest layer. */
  readonly flow?: boolean;
  /** Whether the outputs of the lowest layer have another reader. */
  readonly shared?: boolean;
  /** Whether the middle layer begins with the final state of the lowest one. */
  readonly carried?: boolean;
}

/** Builds forward and backward of the layers over a window with rows of unequal lengths. */
function stackGraph({ cell, dy, finals = [], frozen = 0, flow, shared, carried }: StackCase): Graph {
  const g = new GraphBuilder();
  const G = FACTS[cell].gates.length;
  const widths = [G * H * H, G * H].map(alignElements);
  const weights = g.tensor('memory', 'weights', [2 * L * (widths[0] + widths[1])]);
  let used = 0;
  const weight = (shape: readonly number[]): Tensor => {
    const part = g.view(weights, shape, used);
    used += widths[shape.length === 2 ? 0 : 1];
    return part;
  };
  const lengths = g.tensor('input', 'lengths', [N], 'u32');
  // Without a gradient of the lowest layer's inputs, its gradients are in a scratch tensor.
  let projected = g.tensor('input', 'projected', [T, N, G * H]);
  let below: Record<string, Tensor> = dy === true ? { y: g.tensor('input', 'x', [T, N, H]) } : {};
  const wanted: Tensor[] = [];
  const upstream: Record<string, Tensor> = {};
  for (let l = 0; l < L; l++) {
    const own: Tensor[] = [];
    if (below.y) {
      own.push(weight([G * H, H]), weight([G * H]));
      const x = g.view(below.y, [T * N, H]);
      const { y } = g.apply(ops.linear, `l${l}.projection`, { x, weight: own[0], bias: own[1] });
      projected = g.view(y, [T, N, G * H]);
    }
    own.push(weight([G * H, H]), weight([G * H]));
    const [weight_hh, bias_hh] = own.slice(-2);
    const h0 = carried === true && l === 1 ? below.hn : g.tensor('input', `h0_${l}`, [N, H]);
    const c0 = cell === 'lstm' ? { c0: g.tensor('input', `c0_${l}`, [N, H]) } : {};
    const dh = flow === true && l === 0 ? { dh: g.tensor('output', 'dh', [T, N, H]) } : {};
    below = g.apply(ops[cell], `l${l}`, { projected, h0, ...c0, weight_hh, bias_hh, lengths, ...dh });
    if (l >= frozen) wanted.push(...own, ...(carried === true ? [] : [h0, ...Object.values(c0)]));
    if (finals.includes(l)) upstream[below.hn.name] = g.tensor('input', `dhn_${l}`, [N, H]);
    if (shared === true && l === 0) upstream[below.y.name] = g.tensor('input', 'dy_0', [T, N, H]);
  }
  if (dy === true) upstream[below.y.name] = g.tensor('input', 'dy', [T, N, H]);
  const targets = Object.fromEntries(
    ['weights', ...wanted.flatMap(({ name, view }) => (view ? [] : [name]))].map((name) => [
      name,
      g.tensor(name === 'weights' ? 'memory' : 'output', `d(${name})`, g.get(name).shape),
    ]),
  );
  differentiate(g, { ops, wanted, upstream, targets });
  return g.graph;
}

/** Runs a plan on the GPU, or the reference. @returns all gradients by name */
async function gradientsOf(graph: Graph, plan?: Plan): Promise<Record<string, Float32Array>> {
  const [memory, program] = plan
    ? await withMemory(executor.createMemory(), (memory) => executor.load(plan, memory, 1))
    : await withMemory(await judge.createMemory(), (memory) => judge.prepare(graph, memory));
  try {
    const tensors = Object.values(graph.tensors).filter(({ view }) => !view);
    for (const [i, { name, kind, dtype, shape }] of tensors.entries())
      if (kind === 'input' || name === 'weights')
        await program.write(
          name,
          dtype === 'u32'
            ? Uint32Array.from({ length: N }, (_, n) => T - n)
            : normals(
                i,
                shape.reduce((a, b) => a * b),
                0.4,
              ),
        );
    await program.submit([{}]);
    const results = tensors.filter(({ name, kind }) => kind === 'output' || name === 'd(weights)');
    const read = results.map(async ({ name }) => [name, (await program.read(name)) as Float32Array] as const);
    return Object.fromEntries(await Promise.all(read));
  } finally {
    program.dispose();
    memory.dispose();
  }
}

async function withMemory<M, P>(memory: M, load: (memory: M) => Promise<P>): Promise<readonly [M, P]> {
  return [memory, await load(memory)];
}

async function expectEqual(graph: Graph, plan: Plan): Promise<void> {
  const expected = await gradientsOf(graph);
  const got = await gradientsOf(graph, plan);
  for (const [name, values] of Object.entries(expected)) {
    expect(
      values.some((value) => Math.abs(value) > 0.01),
      name,
    ).toBe(true);
    const { error } = compareArrays(got[name], values, FLOOR.gradient);
    expect(error, name).toBeLessThanOrEqual(TOLERANCE.gradient);
  }
}

/** The phase and the number of layers of each choice: `forward 3`. */
const choices = (graph: Graph, target: PlanTarget): string[] =>
  stacksOf(graph, target).map(({ of }) => of.replace(/^layers \w+\/(\w+ \d).*/, '$1'));

describe('backward diagonals', () => {
  it.each<StackCase>([
    { cell: 'rnn', finals: [0, 2] },
    { cell: 'rnn', dy: true },
    { cell: 'lstm', finals: [0, 2] },
    { cell: 'lstm', dy: true, finals: [1] },
    { cell: 'gru', finals: [0, 2] },
    { cell: 'gru', dy: true },
  ])('agree with the reference, whichever results have gradients: %o', async (stack) => {
    const graph = stackGraph(stack);
    const plan = diagonalPlan(graph, DISCRETE, ['backward']);
    expect(diagonalsOf(plan, 'backward')).toHaveLength(T + L - 1);
    expect(diagonalsOf(plan, 'forward')).toEqual([]);
    await expectEqual(graph, plan);
  });

  it.each(['rnn', 'lstm', 'gru'] as const)(
    'read what forward has stored for more layers: %s with a frozen one',
    async (cell) => {
      const graph = stackGraph({ cell, dy: true, finals: [2], frozen: 1 });
      const plan = diagonalPlan(graph, DISCRETE);
      expect(diagonalsOf(plan, 'forward')).toHaveLength(T + L - 1);
      expect(diagonalsOf(plan, 'backward')).toHaveLength(T + L - 2);
      await expectEqual(graph, plan);
    },
  );

  it.each<[string, Partial<StackCase>, readonly string[]]>([
    ['the gradients of a state are stored', { flow: true }, ['forward 3']],
    ['an output has another reader', { shared: true }, ['forward 3', 'backward 2']],
    ['a layer begins with the final state of another', { carried: true }, ['forward 2']],
  ])('are not offered where %s', (_, given, expected) => {
    const graph = stackGraph({ cell: 'rnn', dy: true, ...given });
    expect(choices(graph, DISCRETE)).toEqual(expected);
  });
});

it('no more layers are joined than the device allows a tensor to have', () => {
  for (const cell of ['rnn', 'lstm', 'gru'] as const) {
    const graph = stackGraph({ cell, dy: true });
    const sizes = PHASES.map((phase) => {
      const { tensors } = diagonalPlan(graph, DISCRETE, [phase]);
      const joined = Object.values(tensors).filter(({ name, view }) => name.startsWith('chain') && !view);
      return 4 * Math.max(...joined.map(({ shape }) => shape[0]));
    });
    const offered = (maxTensorBytes: number): string[] => choices(graph, { ...DISCRETE, maxTensorBytes });
    expect(offered(Math.max(...sizes))).toEqual(['forward 3', 'backward 3']);
    expect(offered(Math.min(...sizes) - 4)).toEqual(['forward 2', 'backward 2']);
    expect(offered(Math.min(...sizes) / 3)).toEqual([]);
  }
});
