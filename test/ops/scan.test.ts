import { describe, expect, it } from 'vitest';
import { ReferenceDevice } from '../../src/reference/device.js';
import { OptionError } from '../../src/index.js';
import { chooseScan } from '../../src/ops/scan/shape.js';
import { compileLoaded } from '../../src/plan/compile.js';
import { GraphBuilder } from '../../src/plan/graph.js';
import type { OpCase } from '../../src/plan/op-case.js';
import { compareArrays } from '../../src/verify/compare.js';
import { buildOpGraph } from '../../src/verify/op-graph.js';
import { webgpuDevice } from '../support/devices.js';
import { allOps } from '../support/ops.js';

const SOFTWARE = { parallelism: 64 };
const GPU = { parallelism: 16384 };
const cells = ['mingru', 'minlstm'] as const;
const bodies = ['serial', 'parallel'] as const;

describe.each(cells)('%s', (cell) => {
  const op = allOps[cell];

  it.each([SOFTWARE, GPU])('takes as many launches for 1,000 steps as for one, planned for %o', (target) => {
    for (const without of [['dh'], ['lengths', 'key', 'h0_learned', 'keep', 'dh'], []]) {
      const kernelsOf = (T: number, attributes: OpCase['attributes']): string[] => {
        const { graph } = buildOpGraph(
          op,
          {
            dims: { T, N: 2, H: 6 },
            attributes: { ...attributes, dropout: without.includes('key') ? 0 : 0.5 },
            without,
          },
          { backward: true },
        );
        return compileLoaded(graph, allOps, target).launches.map(({ kernel }) => kernel.name);
      };
      for (const reverse of [false, true]) {
        const one = kernelsOf(1, { reverse });
        expect(one.slice(0, 4)).toEqual([
          'recurrent/begin',
          'scan/forward',
          'scan/backward',
          'scan/backward_initial',
        ]);
        expect(one.slice(4)).toEqual(without.includes('h0_learned') ? [] : ['scan/backward_initial']);
        expect(kernelsOf(1000, { reverse })).toEqual(one);
      }
    }
  });

  it('binds at most the 8 storage buffers that every device has, with every option on', () => {
    for (const body of bodies) {
      const { graph } = buildOpGraph(
        op,
        { dims: { T: 9, N: 2, H: 8 }, attributes: { variant: body, dropout: 0.5 } },
        { backward: true },
      );
      for (const { bound, kernel } of compileLoaded(graph, allOps, GPU).launches)
        expect(bound.length, kernel.name).toBeLessThanOrEqual(8);
    }
  });

  it('may write the final state over the initial state', async () => {
    const dims = { T: 5, N: 2, H: 3 };
    const builder = new GraphBuilder();
    const state = builder.tensor('memory', 'state', [dims.N, dims.H]);
    const projected = builder.tensor('input', 'projected', [
      dims.T,
      dims.N,
      (cell === 'mingru' ? 2 : 3) * dims.H,
    ]);
    const y = builder.tensor('output', 'y', [dims.T, dims.N, dims.H]);
    builder.apply(op, 'layer', { projected, h0: state, hn: state, y });
    const twice = async (device: Pick<ReferenceDevice, 'createMemory' | 'prepare'>): Promise<number[]> => {
      const memory = await device.createMemory();
      const program = await device.prepare(builder.graph, memory, { maxSteps: 2 });
      await program.write(
        'projected',
        Float32Array.from({ length: 90 }, (_, i) => Math.sin(i)).subarray(
          0,
          projected.shape.reduce((a, b) => a * b),
        ),
      );
      await program.submit([{}, {}]);
      const results = [...(await program.read('y')), ...(await memory.read('state'))];
      program.dispose();
      memory.dispose();
      return results;
    };
    const expected = await twice(new ReferenceDevice(allOps, 'double'));
    expect(
      compareArrays(await twice((await webgpuDevice()) as unknown as ReferenceDevice), expected, 1).error,
    ).toBeLessThan(1e-6);
  });

  it.each(bodies)('%s: the same numbers bit for bit every time, and NaN stays NaN', async (variant) => {
    const opCase = (values: readonly number[]): OpCase => ({
      dims: { T: 37, N: 3, H: 4 },
      attributes: { variant },
      without: ['keep', 'lengths', 'key', 'h0_learned', 'dh'],
      fill: { projected: { values } },
    });
    const device = await webgpuDevice();
    const run = async (values: readonly number[]): Promise<Float32Array> => {
      const { graph, data } = buildOpGraph(op, opCase(values), { backward: true });
      const memory = await device.createMemory();
      const program = await device.prepare(graph, memory, { maxSteps: 1 });
      for (const [tensor, content] of Object.entries(data)) await program.write(tensor, content);
      await program.submit([{}]);
      const results = Float32Array.from([
        ...(await program.read('y')),
        ...(await program.read('dprojected')),
      ]);
      program.dispose();
      memory.dispose();
      return results;
    };
    const wave = Array.from({ length: 97 }, (_, i) => Math.sin(i));
    const first = await run(wave);
    expect(first.every(Number.isFinite)).toBe(true);
    expect(await run(wave)).toEqual(first);
    expect(
      [...(await run([NaN, ...Array<number>(10_000).fill(0.3)]))].slice(0, 37 * 12).filter(Number.isNaN),
    ).toHaveLength(37);
  });

  it('refuses recurrentDropout, which has no recurrent product, and unknown variants', () => {
    const builder = new GraphBuilder();
    const projected = builder.tensor('input', 'projected', [1, 1, cell === 'mingru' ? 2 : 3]);
    const h0 = builder.tensor('input', 'h0', [1, 1]);
    expect(() => builder.apply(op, 'layer', { projected, h0 }, { recurrentDropout: 0.5 })).toThrow(
      OptionError,
    );
    builder.apply(op, 'layer', { projected, h0 }, { variant: 'tiled' });
    expect(() => compileLoaded(builder.graph, allOps, GPU)).toThrow(
      'variant: expected one of auto, serial, parallel, got "tiled".',
    );
  });
});

describe('chooseScan', () => {
  const chosen = (T: number, N: number, H: number, target: { parallelism: number }): string => {
    const { body, width, across, chunks } = chooseScan({ T, N, H }, target, 'auto');
    return body === 'serial' ? `serial ${width}` : `parallel ${width}: ${across} × ${chunks}`;
  };

  it('divides the window on a software adapter only where a core would have idle lanes', () => {
    expect(chosen(500, 1, 4, SOFTWARE)).toBe('parallel 4: 1 × 4');
    expect(chosen(500, 1, 2, SOFTWARE)).toBe('parallel 1: 1 × 4');
    expect(chosen(500, 1, 12, SOFTWARE)).toBe('serial 4');
    expect(chosen(20, 1, 4, SOFTWARE)).toBe('serial 4');
    expect(chosen(35, 32, 256, SOFTWARE)).toBe('serial 4');
  });

  it('divides it on a GPU until the lanes are busy or chunks are short', () => {
    expect(chosen(500, 1, 100, GPU)).toBe('parallel 1: 8 × 32');
    expect(chosen(35, 1, 256, GPU)).toBe('parallel 1: 64 × 4');
    expect(chosen(500, 8, 512, GPU)).toBe('parallel 1: 64 × 4');
    expect(chosen(5000, 1, 1, GPU)).toBe('parallel 1: 1 × 64');
    expect(chosen(25, 1, 100, GPU)).toBe('serial 1');
    expect(chosen(500, 32, 512, GPU)).toBe('serial 1');
    expect(chosen(500, 128, 1024, GPU)).toBe('serial 4');
  });
});
