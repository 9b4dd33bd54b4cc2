import { describe, expect, it } from 'vitest';
import { GpuExecutor } from '../../src/gpu/executor.js';
import type { GpuMemory } from '../../src/gpu/memory.js';
import { planProduct } from '../../src/ops/matmul/product.js';
import { offeredVariants, variantName } from '../../src/ops/matmul/variants.js';
import { compileLoaded } from '../../src/plan/compile.js';
import type { Device } from '../../src/plan/device.js';
import type { OpCase } from '../../src/plan/op-case.js';
import type { PlanTarget, Variants } from '../../src/plan/target.js';
import { variantsOf } from '../../src/plan/variants.js';
import { ReferenceDevice } from '../../src/reference/device.js';
import { checkOp } from '../../src/verify/check-op.js';
import { webgpuDevice } from '../support/devices.js';
import { allOps, loadedOp } from '../support/ops.js';

const device = await webgpuDevice();
const executor = new GpuExecutor(device.native);
const judge = new ReferenceDevice(allOps, 'double');

const DISCRETE: PlanTarget = { kind: 'discrete', parallelism: 64, workgroupMemory: 32768 };
const SUBGROUPS: PlanTarget = { ...DISCRETE, subgroups: true };
const SOFTWARE: PlanTarget = { kind: 'software', parallelism: 64, quads: true };

/** Plans in which launches of some names take the given variants, which must be offered. */
function planningWith(target: PlanTarget, wanted: Variants): Device {
  const planning: Pick<Device, 'createMemory' | 'prepare'> = {
    createMemory: () => Promise.resolve(executor.createMemory()),
    prepare: (graph, memory) => {
      const choices = compileLoaded(graph, allOps, target).launches.flatMap(({ choice }) => choice ?? []);
      const variants = Object.fromEntries(
        choices.flatMap(({ of }) => {
          const name = Object.keys(wanted).find((part) => of.includes(part));
          return name === undefined ? [] : [[of, wanted[name]]];
        }),
      );
      const plan = compileLoaded(graph, allOps, { ...target, variants });
      expect(Object.keys(variants)).not.toEqual([]);
      expect(variantsOf(plan.launches)).toMatchObject(variants);
      return executor.load(plan, memory as GpuMemory, 1);
    },
  };
  return planning as Device;
}

const window = { without: ['keep', 'lengths', 'key', 'h0_learned', 'c0_learned', 'masked', 'dh'] };
const gru = (H: number): OpCase => ({ dims: { T: 2, N: 5, H }, ...window });
const products: OpCase = { dims: { B: 2, N: 1, M: 6, P: 9, K: 5 } };
const split: OpCase = { dims: { B: 1, N: 1, M: 6, P: 9, K: 70 } };
const fewRows = (K: number): OpCase => ({ dims: { B: 1, N: 1, M: 3, P: 5, K } });
/** Of every length, more than half a block and no multiple of one, for each of two batch rows. */
const blocks: OpCase = { dims: { B: 1, N: 2, M: 66, P: 70, K: 75 } };
const block = 'block 64x64x16 of 4x4';

/** An op, a target, a case, and variants for some of its launches. */
type Chosen = [string, PlanTarget, OpCase, readonly Variants[]];

/** Sums that subgroups add up, for devices that have them. */
const SHARED: readonly Chosen[] = [
  ['batched_matmul', SUBGROUPS, fewRows(257), [{ 'product nn': 'subgroup 1x4/32' }]],
  ['batched_matmul_nt', SUBGROUPS, fewRows(512), [{ 'product nt': 'subgroup 1x8/64' }]],
];

// For each op, variants that the rules choose for none of its cases.
describe.each<Chosen>([
  [
    'gru',
    DISCRETE,
    gru(66),
    [
      { 'gru/forward': '1x4/2', 'gru/backward': '8x8/4' },
      { 'gru/forward': '8x4', 'gru/backward': '4x8' },
      { 'gru/forward': 'simple', 'gru/backward': '1x8/2' },
    ],
  ],
  ['gru', SOFTWARE, gru(36), [{ 'gru/forward': 'quad 4x16', 'gru/backward': 'quad 8x16' }]],
  ['batched_matmul', DISCRETE, products, [{ product: '8x8' }]],
  // Sums over K that invocations share, in tiles and in rows, with tiles past the last one.
  ['batched_matmul', SOFTWARE, split, [{ 'product nn': '4x4/2' }, { 'product nn': '8x8/2' }]],
  ['batched_matmul_tn', SOFTWARE, split, [{ 'product tn': '4x4/2' }]],
  ['batched_matmul', SOFTWARE, fewRows(70), [{ 'product nn': '1x4/2' }, { 'product nn': '1x8' }]],
  ['batched_matmul_nt', SOFTWARE, fewRows(70), [{ 'product nt': '1x8/2' }]],
  ...(device.info.features.includes('subgroups') ? SHARED : []),
  // The product forward and those of its gradients: all layouts, and every size of a block.
  [
    'batched_matmul',
    DISCRETE,
    blocks,
    [
      {
        'product nn': 'block 64x64x32 of 8x8',
        'product nt': 'block 128x64x8 of 8x8',
        'product tn': 'block 64x64x16 of 8x8',
      },
    ],
  ],
  [
    'batched_matmul_nt',
    DISCRETE,
    blocks,
    [
      {
        'product nt': 'block 64x64x16 of 8x8',
        'product nn': 'block 128x64x16 of 8x8',
        'product tn': 'block 64x64x8 of 8x8',
      },
    ],
  ],
  [
    'batched_matmul_tn',
    DISCRETE,
    blocks,
    [{ 'product tn': 'block 128x64x16 of 8x8', 'product nt': block, 'product nn': 'block 64x64x8 of 8x8' }],
  ],
])('%s', (name, target, opCase, all) => {
  it.each(all)(`${target.kind}: %o agrees with the reference`, async (variants) => {
    const check = await checkOp(loadedOp(name), opCase, planningWith(target, variants), judge);
    expect(check.pass, `${check.worst} error ${check.maxError}`).toBe(true);
  });
});

describe('variants offered for a product', () => {
  const named = (M: number, P: number, K: number, target: PlanTarget, layout: 'NT' | 'TN' = 'NT'): string[] =>
    offeredVariants({ layout, M, P, K }, target).map(variantName);

  it('fit the matrix, keep the device busy, and are few', () => {
    expect(named(1, 65, 100, SOFTWARE)).toEqual(['1x4', '1x8', '1x16', '1x16/2', 'simple']);
    expect(named(2500, 512, 128, { kind: 'discrete', parallelism: 16384 })).toEqual([
      '4x4',
      '4x8',
      '8x8',
      '8x8/2',
    ]);
    expect(named(8, 8, 4096, { kind: 'discrete', parallelism: 16384 }, 'TN')).toEqual([
      '4x4',
      '4x8',
      '8x8',
      'simple',
    ]);
    expect(named(1120, 1465, 256, SOFTWARE)).toEqual([
      'quad 4x16',
      'quad 8x16',
      'quad 8x32',
      '4x4',
      '4x8',
      '8x8',
      '16x16',
    ]);
  });

  it('include subgroups only where the device has them, and enough to add up', () => {
    const subgroupsOf = (M: number, K: number, target: PlanTarget, layout?: 'TN'): string[] => {
      const all = named(M, 256, K, target, layout);
      const few = all.filter((name) => !/^subgroup| in 64/.test(name));
      expect(named(M, 256, K, { ...target, subgroups: false }, layout)).toEqual(few);
      return all.filter((name) => !few.includes(name));
    };
    const discrete = { kind: 'discrete', parallelism: 16384, subgroups: true } as const;
    expect(subgroupsOf(1, 512, discrete)).toEqual([
      'subgroup 1x4/32',
      'subgroup 1x4/64',
      'subgroup 1x8/32',
      'subgroup 1x8/64',
      'subgroup 1x16/32',
      'subgroup 1x16/64',
    ]);
    expect(subgroupsOf(1, 100, discrete)).toEqual([]);
    expect(subgroupsOf(1, 512, discrete, 'TN')).toEqual([]);
    expect(subgroupsOf(128, 512, discrete)).toEqual(['quad 4x16 in 64', 'quad 8x16 in 64']);
    for (const M of [1, 128]) expect(subgroupsOf(M, 512, { ...SOFTWARE, subgroups: true })).toEqual([]);
  });

  it('has what a checkpoint names only where the device has subgroups', () => {
    const taken = (subgroups: boolean): string | undefined =>
      planProduct({
        ...{ layout: 'NT', M: 1, P: 256, K: 512, a: 'x', b: 'weight', c: 'y' },
        target: {
          ...{ kind: 'discrete', parallelism: 16384, subgroups },
          variants: { 'product NT 1x256x512': 'subgroup 1x4/32' },
        },
      })[0].choice?.taken;
    expect(taken(true)).toBe('subgroup 1x4/32');
    expect(taken(false)).toBe('1x4/16');
  });

  it('include blocks that fit into workgroup memory, where barriers are cheap', () => {
    const blocksOf = (M: number, target: PlanTarget): string[] =>
      named(M, 512, 128, target).filter((name) => name.startsWith('block'));
    const discrete = { kind: 'discrete', parallelism: 16384 } as const;
    expect(blocksOf(2500, { ...discrete, workgroupMemory: 16384 })).toEqual([
      block,
      'block 64x64x8 of 8x8',
      'block 64x64x16 of 8x8',
      'block 128x64x8 of 8x8',
    ]);
    expect(blocksOf(2500, { ...discrete, workgroupMemory: 32768 })).toHaveLength(6);
    expect(blocksOf(33, { ...discrete, workgroupMemory: 8192 })).toEqual(['block 64x64x8 of 8x8']);
    expect(blocksOf(20, { ...discrete, workgroupMemory: 32768 })).toEqual([]);
    expect(blocksOf(2500, discrete)).toEqual([]);
    expect(blocksOf(2500, { ...SOFTWARE, workgroupMemory: 32768 })).toEqual([]);
  });

  it('have names of their own in half precision, and blocks of half the memory', () => {
    const discrete = { kind: 'discrete', parallelism: 16384, workgroupMemory: 16384 } as const;
    const half = { name: 'mixed', source: '', enables: ['f16'], bytes: 2 } as const;
    const large = named(2500, 512, 128, { ...discrete, half });
    expect(large.filter((name) => name.startsWith('block'))).toHaveLength(6);
    expect(named(8, 8, 64, { ...discrete, half })).toEqual(named(8, 8, 64, discrete));
    const product = { layout: 'NT', M: 50, P: 51, K: 52, a: 'x', b: 'weight', c: 'y' } as const;
    const variants = { 'product NT 50x51x52': '4x8', 'mixed product NT 50x51x52': '8x8' };
    const taken = (target: PlanTarget) => planProduct({ ...product, target })[0].choice?.taken;
    expect(taken({ ...discrete, variants })).toBe('4x8');
    expect(taken({ ...discrete, variants, half })).toBe('8x8');
  });

  it('include the choice of the rules for tall products', () => {
    const shape = { layout: 'TN', M: 256, P: 256, K: 1120 } as const;
    expect(offeredVariants(shape, { kind: 'discrete', parallelism: 16384 }).map(variantName)).toContain(
      '4x4/4',
    );
  });
});
