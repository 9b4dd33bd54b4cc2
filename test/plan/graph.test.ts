import { describe, expect, it } from 'vitest';
import { GraphBuilder, printPlan, summarize } from '../../src/graph.js';
import { compileLoaded } from '../../src/plan/compile.js';
import type { Kernel } from '../../src/plan/kernel.js';
import type { Planner } from '../../src/plan/planner.js';
import { allOps } from '../support/ops.js';

const target = { parallelism: 64 };

describe('shapes are checked when an op is applied', () => {
  it('names both shapes in the letters of the legend', () => {
    const g = new GraphBuilder();
    const x = g.tensor('input', 'x', [6, 4]);
    const weight = g.tensor('input', 'w', [3, 5]);
    expect(() => g.apply(allOps.linear, 'y', { x, weight })).toThrow(
      'linear: weight must be [P,K] = [3,4], but "w" is [3,5].',
    );
  });

  it('names a wrong element type', () => {
    const g = new GraphBuilder();
    expect(() =>
      g.apply(allOps.gather, 'y', {
        weight: g.tensor('input', 'w', [3, 5]),
        ids: g.tensor('input', 'ids', [4]),
      }),
    ).toThrow('gather: ids must hold u32, but "ids" holds f32.');
  });

  it('names a missing and an unknown tensor', () => {
    const g = new GraphBuilder();
    const x = g.tensor('input', 'x', [4]);
    expect(() => g.apply(allOps.add, 'y', { a: x })).toThrow('add "y" needs the tensor b [E].');
    expect(() => g.apply(allOps.tanh, 'y', { z: x })).toThrow('tanh has no tensor "z"; it has x, y.');
  });

  it('names an unknown attribute', () => {
    const g = new GraphBuilder();
    expect(() => g.apply(allOps.tanh, 'y', { x: g.tensor('input', 'x', [4]) }, { slope: 2 })).toThrow(
      'tanh.slope: expected one of the attributes (none), got 2.',
    );
  });

  it('refuses a second tensor of the same name, and a view off the alignment', () => {
    const g = new GraphBuilder();
    const x = g.tensor('input', 'x', [200]);
    expect(() => g.tensor('input', 'x', [3])).toThrow('The graph has a tensor "x" [200] already.');
    expect(() => g.view(x, [10], 3)).toThrow('must be a multiple of 64');
    expect(() => g.view(x, [100], 128)).toThrow('does not fit');
  });
});

describe('a plan is plain data', () => {
  function chain(length: number): GraphBuilder {
    const g = new GraphBuilder();
    let x = g.tensor('input', 'x', [100]);
    for (let i = 0; i < length; i++) x = g.apply(allOps.tanh, `t${i}`, { x }).y;
    g.apply(allOps.tanh, 'last', { x, y: g.tensor('output', 'y', [100]) });
    return g;
  }

  it('assigns one buffer to intermediates that are never used at the same time', () => {
    const plan = compileLoaded(chain(10).graph, allOps, target);
    expect(plan.buffers.shared.length).toBe(2);
    expect(summarize(plan)).toMatchObject({ dispatches: 11, pipelines: 1, buffers: 4 });
    expect(plan.buffers.bytesUnshared).toBe(5 * plan.buffers.bytes);
  });

  it('never puts two tensors of one launch into one buffer', () => {
    const plan = compileLoaded(chain(10).graph, allOps, target);
    for (const { bound } of plan.launches) {
      const shared = bound
        .filter(({ kind }) => kind === 'value')
        .map(({ root }) => plan.buffers.indexOf[root]);
      expect(new Set(shared).size).toBe(shared.length);
    }
  });

  it('survives a round trip through JSON and prints', () => {
    const { graph } = chain(1);
    const plan = compileLoaded(JSON.parse(JSON.stringify(graph)) as typeof graph, allOps, target);
    expect(printPlan(plan)).toMatchInlineSnapshot(`
      "    1  tanh/forward  grid 1×1×1  x←x y→t0.y  (VALUES=25 VEC4=true ADD_Y=false WORKGROUP=64 GRID_X=1)
          2  tanh/forward  grid 1×1×1  x←t0.y y→y  (VALUES=25 VEC4=true ADD_Y=false WORKGROUP=64 GRID_X=1)

      2 dispatches, 1 pipelines, 3 buffers
      bytes: input 512 B, output 512 B, value 512 B
      intermediates would take 512 B without sharing"
    `);
  });

  it('binds tensors to the bindings of their names, unless a launch lists others', () => {
    const { graph } = chain(0);
    const boundBy = (
      tensors: Readonly<Record<string, string | undefined>>,
      rename: Readonly<Record<string, string>> = {},
    ): Readonly<Record<string, string>> => {
      const forward: Planner = (request) =>
        allOps.tanh.plan.forward(request).map(({ kernel, constants, grid }) => {
          const bindings = Object.entries(kernel.bindings).map(([name, how]) => [rename[name] ?? name, how]);
          return {
            kernel: { ...kernel, bindings: Object.fromEntries(bindings) as Kernel['bindings'] },
            constants,
            tensors,
            grid,
          };
        });
      return compileLoaded(graph, { tanh: { ...allOps.tanh, plan: { forward } } }, target).launches[0]
        .tensors;
    };
    expect(boundBy({})).toEqual({ x: 'x', y: 'y' });
    expect(boundBy({ from: 'x' }, { x: 'from' })).toEqual({ from: 'x', y: 'y' });
    expect(boundBy({ y: undefined })).toEqual({ x: 'x' });
    // A gradient of the contract that this call leaves out does not exist in this variant.
    expect(boundBy({}, { x: 'dx' })).toEqual({ y: 'y' });
    expect(() => boundBy({ y: 'dy' })).toThrow(
      'tanh/forward: the binding y needs the tensor "dy", which tanh forward does not have.',
    );
    expect(() => boundBy({}, { x: 'z' })).toThrow('tanh/forward: the binding z needs the tensor "z"');
    expect(() => boundBy({ z: 'x' })).toThrow('tanh/forward has no binding "z".');
  });

  it('refuses a grid that no device takes', () => {
    const g = new GraphBuilder();
    g.apply(allOps.linear, 'y', {
      x: g.tensor('input', 'x', [2 ** 26, 1]),
      weight: g.tensor('input', 'w', [1, 1]),
    });
    expect(() => compileLoaded(g.graph, allOps, target)).toThrow(
      /matmul\/\w+ needs a grid of .* workgroups, but WebGPU allows 65535/,
    );
  });

  it('refuses a launch that reads and writes one buffer', () => {
    const g = new GraphBuilder();
    const x = g.tensor('input', 'x', [64]);
    g.add({
      op: 'tanh',
      phase: 'forward',
      dims: { E: 64 },
      attributes: {},
      tensors: { x: x.name, y: x.name },
      accumulate: [],
    });
    expect(() => compileLoaded(g.graph, allOps, target)).toThrow(
      '"x" is bound as x (read) and as y (read_write)',
    );
  });
});
