import { describe, expect, it } from 'vitest';
import { GpuExecutor } from '../../src/gpu/executor.js';
import type { GpuMemory } from '../../src/gpu/memory.js';
import { GraphBuilder, ops, taskModel } from '../../src/graph.js';
import { sgd, Vocabulary, type CharModelOptions } from '../../src/index.js';
import { loadChainPlanner, type Plan } from '../../src/plan/compile.js';
import type { Device } from '../../src/plan/device.js';
import type { Graph } from '../../src/plan/graph.js';
import { kernelId } from '../../src/plan/kernel.js';
import type { PlanTarget } from '../../src/plan/target.js';
import { printPlan } from '../../src/plan/print.js';
import { ReferenceDevice } from '../../src/reference/device.js';
import { trainingGraph } from '../../src/train/training-graph.js';
import { compareArrays, FLOOR, TOLERANCE } from '../../src/verify/compare.js';
import { diagonalPlan, diagonalsOf, DISCRETE, PHASES, planWith, stacksOf } from '../support/diagonals.js';
import { webgpuDevice } from '../support/devices.js';
import { expectRounding, inPrecision } from '../support/half-precision.js';
import { nameOf, runWindow, type WindowCase } from '../support/layers.js';
import { allOps } from '../support/ops.js';

const device = await webgpuDevice();
const executor = new GpuExecutor(device.native);
const judge = new ReferenceDevice(allOps, 'double');
const subgroups = device.info.features.includes('subgroups');

const SOFTWARE: PlanTarget = { kind: 'software', parallelism: 64, quads: subgroups };

const CELLS = ['rnn', 'lstm', 'gru'] as const;

/** A device that takes every diagonal, and keeps its plans. */
function planning(target: PlanTarget): { readonly device: Device; readonly plans: Plan[] } {
  const plans: Plan[] = [];
  const planned: Pick<Device, 'createMemory' | 'prepare'> = {
    createMemory: () => Promise.resolve(executor.createMemory()),
    prepare: (graph, memory) => {
      plans.push(diagonalPlan(graph, target));
      return executor.load(plans[plans.length - 1], memory as GpuMemory, 1);
    },
  };
  return { device: planned as Device, plans };
}

/** Rows of all lengths from 1 to T. */
const lengths = (time: number, batch: number): number[] =>
  Array.from({ length: batch }, (_, n) => 1 + ((n + time - 1) % time));

// Both sorts of bindings, tiles of a row and of several, quads, sums that are split and not, two to
// four layers, every number of biases, lengths, initial states of both kinds.
const CASES: readonly (readonly [PlanTarget, WindowCase])[] = [
  [SOFTWARE, { cell: 'lstm', input: 3, hidden: 16, layers: 2, batch: 17, time: 3 }],
  [SOFTWARE, { cell: 'gru', input: 2, hidden: 15, layers: 2, batch: 17, time: 3, lengths: lengths(3, 17) }],
  [SOFTWARE, { nonlinearity: 'relu', input: 3, hidden: 36, layers: 3, batch: 33, time: 2, biases: 'none' }],
  [SOFTWARE, { input: 4, hidden: 12, layers: 4, batch: 1, time: 5, initialState: 'learned', anew: true }],
  [
    DISCRETE,
    {
      cell: 'lstm',
      input: 3,
      hidden: 7,
      layers: 3,
      batch: 5,
      time: 5,
      biases: 'single',
      lengths: [5, 3, 1, 4, 2],
    },
  ],
  [DISCRETE, { input: 3, hidden: 68, layers: 2, batch: 5, time: 2 }],
  [DISCRETE, { cell: 'gru', input: 3, hidden: 65, layers: 2, batch: 1, time: 3 }],
];

describe('layers a diagonal at a time', () => {
  for (const [target, given] of CASES) {
    const window = { ...given, init: { kind: 'uniform', bound: 1 / Math.sqrt(given.hidden) } as const };
    it(`agree with the reference: ${target.kind}, ${nameOf(given)}`, async () => {
      const { device: own, plans } = planning(target);
      const got = await runWindow(own, 'fused', window);
      const expected = await runWindow(judge, 'fused', window);
      for (const phase of PHASES)
        expect(diagonalsOf(plans[0], phase)).toHaveLength(window.time + (window.layers ?? 1) - 1);
      for (const [name, values] of Object.entries(expected)) {
        const kind = name.startsWith('d') ? 'gradient' : 'output';
        const { error } = compareArrays(got[name], values, FLOOR[kind]);
        expect(error, name).toBeLessThanOrEqual(TOLERANCE[kind]);
      }
    });
  }

  it.each([CASES[1], CASES[4]])('of %o %o round operands in half precision', async (target, window) => {
    const { device: own } = planning(target);
    const run = (on: Device, precision?: 'emulated'): Promise<Record<string, Float32Array>> =>
      runWindow(precision ? inPrecision(on, precision) : on, 'fused', window);
    expectRounding(await run(own, 'emulated'), await run(judge, 'emulated'), await run(judge));
  });

  it('give the same bits each time', async () => {
    const { device: own } = planning(SOFTWARE);
    const [[, window]] = CASES;
    expect(await runWindow(own, 'fused', window)).toEqual(await runWindow(own, 'fused', window));
  });
});

type ModelOptions = Omit<CharModelOptions, 'vocabulary'>;

function graphOf(options: ModelOptions, T: number, N = 8): Graph {
  const model = taskModel({ vocabulary: Vocabulary.fromText('abcdefg'), hidden: 64, ...options });
  return trainingGraph(model, { sizes: { T, N }, loss: 'mean', clip: {}, optimizer: sgd({ rate: 0.1 }) });
}

describe('a plan', () => {
  it.each(CELLS)('of %s takes T + L − 1 launches each way instead of T·L and L − 1 products', (cell) => {
    for (const T of [2, 20])
      for (const layers of [2, 3, 4]) {
        const graph = graphOf({ cell, layers }, T);
        const each = planWith(graph, DISCRETE).launches.length;
        for (const phases of [['forward'], ['backward'], PHASES] as const) {
          const plan = diagonalPlan(graph, DISCRETE, phases);
          for (const phase of phases) {
            expect(diagonalsOf(plan, phase)).toHaveLength(T + layers - 1);
            expect(plan.launches.filter(({ kernel }) => kernel.name === `${cell}/${phase}`)).toEqual([]);
          }
          expect(each - plan.launches.length).toBe(phases.length * (T * layers - T));
          const steps = phases.length === 1 ? T * layers + T : 2 * T;
          expect(diagonalPlan(graph, SOFTWARE, phases).launches).toHaveLength(steps + 6 * layers + 7);
        }
      }
  });

  it('has every forward step of every layer once, each after those that it reads', () => {
    const [T, layers] = [5, 3];
    const done: string[] = [];
    const plan = diagonalPlan(graphOf({ layers }, T), DISCRETE);
    for (const { uniforms, grid } of diagonalsOf(plan, 'forward')) {
      const { diagonal, lowest } = uniforms as { diagonal: number; lowest: number };
      const here = Array.from({ length: grid[2] }, (_, z) => [lowest + z, diagonal - lowest - z]);
      for (const [layer, t] of here) {
        if (t > 0) expect(done).toContain(`${layer}:${t - 1}`);
        if (layer > 0) expect(done).toContain(`${layer - 1}:${t}`);
      }
      done.push(...here.map(([layer, t]) => `${layer}:${t}`));
    }
    expect(done).toHaveLength(T * layers);
    expect(new Set(done).size).toBe(T * layers);
  });

  it('has every backward step of every layer once, each after those that it reads', () => {
    const [T, layers] = [5, 3];
    const done: string[] = [];
    const plan = diagonalPlan(graphOf({ layers }, T), DISCRETE);
    for (const { uniforms, grid } of diagonalsOf(plan, 'backward')) {
      const { diagonal, highest } = uniforms as { diagonal: number; highest: number };
      const here = Array.from({ length: grid[2] }, (_, z) => {
        const layer = highest - z;
        return [layer, T - 1 - (diagonal - (layers - 1 - layer))];
      });
      for (const [layer, t] of here) {
        if (t < T - 1) expect(done).toContain(`${layer}:${t + 1}`);
        if (layer < layers - 1) expect(done).toContain(`${layer + 1}:${t}`);
      }
      done.push(...here.map(([layer, t]) => `${layer}:${t}`));
    }
    expect(done).toHaveLength(T * layers);
    expect(new Set(done).size).toBe(T * layers);
  });

  it('of one layer loads no code for diagonals', async () => {
    const loadedFor = (layers: number) => loadChainPlanner(allOps, graphOf({ layers }, 3).calls);
    expect(await loadedFor(1)).toBeUndefined();
    expect(Object.keys((await loadedFor(2))?.chains ?? {})).toEqual(['rnn']);
  });

  it('binds no more than every device grants, and reads well', () => {
    for (const cell of CELLS) {
      const graph = graphOf({ cell, layers: 4 }, 6);
      for (const phase of PHASES)
        for (const { bound } of diagonalsOf(diagonalPlan(graph, DISCRETE), phase))
          expect(bound.length).toBeLessThanOrEqual(8);
    }
    const text = printPlan(diagonalPlan(graphOf({ layers: 2 }, 6), DISCRETE));
    expect(text).toMatch(
      /7 × rnn\/forward_diagonal diagonal=0…6 lowest=0…1 {2}grid 2×1×1 to 2×1×2 {2}projected←/,
    );
    expect(text).toMatch(/7 × rnn\/backward_diagonal diagonal=0…6 highest=1…0 {2}grid 2×1×1 to 2×1×2 {2}dy←/);
  });

  it('has one kernel of each name and form', () => {
    const known = new Map<string, string>();
    for (const cell of CELLS)
      for (const layers of [2, 3])
        for (const hidden of [63, 64])
          for (const { kernel } of PHASES.flatMap((phase) =>
            diagonalsOf(diagonalPlan(graphOf({ cell, layers, hidden }, 3), DISCRETE), phase),
          )) {
            const record = JSON.stringify(kernel);
            expect(known.get(kernelId(kernel)) ?? record).toBe(record);
            known.set(kernelId(kernel), record);
          }
    expect(known.size).toBe(24);
  });

  it('has no such choice for a layer that begins with the final state of another', () => {
    const [T, N, H] = [3, 2, 8];
    const graphWith = (carried: boolean): Graph => {
      const g = new GraphBuilder();
      const weights = g.tensor('input', 'weights', [3 * H * H]);
      const weight = (i: number) => g.view(weights, [H, H], i * H * H);
      const h0 = g.tensor('input', 'h0', [N, H]);
      const first = g.apply(ops.rnn, 'l0', {
        projected: g.tensor('input', 'projected', [T, N, H]),
        h0,
        weight_hh: weight(0),
      });
      const x = g.view(first.y, [T * N, H]);
      const { y } = g.apply(ops.linear, 'between', { x, weight: weight(1) });
      g.apply(ops.rnn, 'l1', {
        projected: g.view(y, [T, N, H]),
        h0: carried ? first.hn : h0,
        weight_hh: weight(2),
      });
      return g.graph;
    };
    expect(stacksOf(graphWith(false), DISCRETE)).toHaveLength(1);
    expect(stacksOf(graphWith(true), DISCRETE)).toEqual([]);
  });

  it.each<[string, ModelOptions, number]>([
    ['one layer', {}, 6],
    ['one time step', { layers: 2 }, 1],
    ['two directions', { layers: 2, bidirectional: true }, 6],
    ['dropout between layers', { layers: 2, dropout: 0.2 }, 6],
    ['recurrent dropout', { layers: 2, recurrentDropout: 0.2 }, 6],
    ['a reset gate before the product', { cell: 'gru', layers: 2, reset: 'before' }, 6],
    ['a cell without recurrent weights', { cell: 'mingru', layers: 2 }, 6],
    ['layers from general ops', { layers: 2, form: 'general' }, 6],
  ])('has no such choice for %s', (_, options, T) => {
    expect(stacksOf(graphOf(options, T), DISCRETE)).toEqual([]);
  });
});
