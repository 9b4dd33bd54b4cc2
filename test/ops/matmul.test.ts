import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReferenceDevice } from '../../src/reference/device.js';
import type { GpuDevice } from '../../src/device/gpu-device.js';
import * as linear from '../../src/ops/linear/reference.js';
import * as matmul from '../../src/ops/matmul/reference.js';
import { planColumnSums, planProduct } from '../../src/ops/matmul/product.js';
import {
  chooseVariant,
  parseVariant,
  variantName,
  type Layout,
  type ProductShape,
} from '../../src/ops/matmul/variants.js';
import * as matmulTn from '../../src/ops/matmul_tn/reference.js';
import { inout, input, output, weight, type LoadedOp, type Reference } from '../../src/plan/op.js';
import { checkOp } from '../../src/verify/check-op.js';
import { halfPrecisionOf } from '../../src/verify/suite.js';
import { openTestDevice } from '../support/devices.js';
import { opWith } from '../support/ops.js';

const SOFTWARE = { parallelism: 64 };
const QUADS = { parallelism: 64, quads: true };
const GPU = { parallelism: 16384 };

describe('chooseVariant', () => {
  const chosen = (layout: Layout, M: number, P: number, K: number, target: { parallelism: number }): string =>
    variantName(chooseVariant({ layout, M, P, K }, target));

  it('takes large tiles for large products on a software adapter', () => {
    expect(chosen('NT', 1120, 1465, 256, SOFTWARE)).toBe('16x16');
    expect(chosen('NN', 1120, 256, 1465, SOFTWARE)).toBe('16x16');
    expect(chosen('TN', 1465, 256, 1120, SOFTWARE)).toBe('16x16');
  });

  it('takes smaller tiles where there would be too few, and one row for few rows', () => {
    expect(chosen('NT', 32, 256, 256, SOFTWARE)).toBe('8x8');
    expect(chosen('NT', 8, 65, 100, SOFTWARE)).toBe('4x4');
    expect(chosen('NT', 1, 1465, 256, SOFTWARE)).toBe('1x8');
    expect(chosen('NT', 1, 100, 100, SOFTWARE)).toBe('1x8');
    expect(chosen('TN', 1, 100, 100, SOFTWARE)).toBe('4x4');
  });

  it('splits K of tall weight gradients, on a software adapter no further than to fill its lanes', () => {
    expect(chosen('TN', 8, 4, 4096, SOFTWARE)).toBe('4x4/2');
    expect(chosen('TN', 8, 8, 4096, SOFTWARE)).toBe('4x4');
    expect(chosen('TN', 256, 256, 1120, GPU)).toBe('4x4/4');
    expect(chosen('NT', 1, 1465, 256, GPU)).toBe('1x4/8');
  });

  it('never splits a short K, and takes 8x8 for large products on a GPU', () => {
    expect(chosen('NT', 8, 8, 32, GPU)).toBe('4x4');
    expect(chosen('NT', 1120, 1465, 256, GPU)).toBe('8x8');
  });

  it('takes quads where the adapter has them and there are enough for its cores', () => {
    expect(chosen('NT', 1120, 1465, 256, QUADS)).toBe('quad 8x16');
    expect(chosen('NT', 32, 256, 256, QUADS)).toBe('quad 8x16');
    expect(chosen('TN', 65, 100, 25, QUADS)).toBe('quad 8x16');
    expect(chosen('NT', 25, 65, 100, QUADS)).toBe('quad 4x16');
    expect(chosen('NT', 1, 65, 100, QUADS)).toBe('1x8');
    expect(chosen('NT', 8, 8, 100, QUADS)).toBe('4x4');
  });

  it('refuses names without a kernel', () => {
    expect(() => parseVariant('5x4', 'NN')).toThrow('no variant "5x4" of the NN product');
    expect(() => parseVariant('1x4', 'TN')).toThrow('no variant "1x4" of the TN product');
    expect(() => parseVariant('4x4/3', 'TN')).toThrow('4x4/3');
    expect(() => parseVariant('subgroup 1x4/32', 'TN')).toThrow(
      'no variant "subgroup 1x4/32" of the TN product',
    );
    expect(() => parseVariant('subgroup 1x4/8', 'NN')).toThrow('subgroup 1x4/8');
    expect(() => parseVariant('quad 8x32 in 64', 'NN')).toThrow('quad 8x32 in 64');
    expect(parseVariant('8x16/4', 'TN')).toEqual({ kernel: 'tiled', rows: 8, columns: 16, slices: 4 });
  });
});

/**
 * An op around one variant. `c` and `row_sums` hold random numbers that the product is added to, or
 * is to overwrite.
 */
function opOf(layout: Layout, variant: string, accumulate: boolean): LoadedOp {
  const tall = layout === 'TN';
  const forward: Reference = ({ a, b, bias, c, sums }, { M, P, K }) => {
    const product = new Float64Array(M * P);
    if (layout === 'NN') matmul.forward({ a, b, bias, c: product }, { M, P, K }, {});
    if (layout === 'NT') linear.forward({ x: a, weight: b, bias, y: product }, { R: M, P, K }, {});
    if (layout === 'TN') matmulTn.forward({ a, b, c: product }, { M, P, K }, {});
    for (let i = 0; i < M * P; i++) c[i] = product[i] + (accumulate ? c[i] : 0);
    for (let m = 0; sums && m < M; m++) {
      let sum = accumulate ? sums[m] : 0;
      for (let k = 0; k < K; k++) sum += a[k * M + m];
      sums[m] = sum;
    }
  };
  const result = accumulate ? inout : output;
  return opWith({
    name: `${layout} ${variant}${accumulate ? ' added' : ''}`,
    about: 'One variant of the matrix product.',
    tensors: {
      a: input(tall ? ['K', 'M'] : ['M', 'K']),
      b: input(layout === 'NT' ? ['P', 'K'] : ['K', 'P']),
      ...(tall ? { sums: result(['M'], { optional: true }) } : { bias: weight(['P'], { optional: true }) }),
      c: result(['M', 'P']),
    },
    attributes: {},
    halves: { operands: ['a', 'b'], exact: ['sums'] },
    reference: { forward },
    plan: {
      forward: ({ dims: { M, P, K }, target, has }) =>
        planProduct({
          layout,
          M,
          P,
          K,
          a: 'a',
          b: 'b',
          c: 'c',
          target,
          accumulate,
          accumulateRowSums: accumulate,
          forceVariant: variant,
          ...(has('bias') ? { bias: 'bias' } : {}),
          ...(has('sums') ? { rowSums: 'sums' } : {}),
        }),
    },
    cases: [],
  });
}

const BLOCKS = [
  'block 64x64x16 of 4x4',
  'block 64x64x8 of 8x8',
  'block 64x64x16 of 8x8',
  'block 64x64x32 of 8x8',
  'block 128x64x8 of 8x8',
  'block 128x64x16 of 8x8',
];

const VARIANTS: Record<Layout, string[]> = {
  NN: [
    'simple',
    ...BLOCKS,
    'quad 4x16',
    'quad 8x32',
    'quad 4x16 in 64',
    'subgroup 1x8/32',
    'subgroup 1x16/32',
    '1x4',
    '1x8',
    '1x16/4',
    '4x4',
    '4x8',
    '8x8',
    '16x16',
    '4x4/8',
  ],
  NT: [
    'simple',
    ...BLOCKS,
    'quad 8x16',
    'quad 8x32',
    'quad 8x16 in 64',
    'subgroup 1x4/64',
    '1x4',
    '1x8/2',
    '1x16',
    '4x4',
    '4x8/2',
    '8x16',
    '16x16',
  ],
  TN: [
    'simple',
    ...BLOCKS,
    'quad 4x16',
    'quad 8x32',
    'quad 4x16 in 64',
    '4x4',
    '4x8',
    '8x8',
    '16x8',
    '16x16',
    '4x4/16',
    '8x8/4',
  ],
};

/** Each tile in one layout, with operands in half precision. */
const HALF_VARIANTS: Record<Layout, string[]> = {
  NN: [
    ...['1x4', '1x16/4', '4x4', '4x8', 'block 64x64x16 of 4x4', 'block 64x64x8 of 8x8'],
    ...['quad 4x16', 'quad 4x16 in 64', 'subgroup 1x8/32', 'subgroup 1x16/32'],
  ],
  NT: [
    ...['1x8/2', '8x16', '16x16', 'block 64x64x16 of 8x8', 'block 128x64x8 of 8x8', 'quad 8x16'],
    ...['quad 8x16 in 64', 'subgroup 1x4/64'],
  ],
  TN: ['8x8/4', '4x4/16', 'block 64x64x32 of 8x8', 'block 128x64x16 of 8x8', 'quad 8x32'],
};

/**
 * Lengths that are multiples of four and not, for all three; a little smaller and a little larger
 * than a tile.
 */
const SHAPES: Omit<ProductShape, 'layout'>[] = [
  { M: 3, P: 5, K: 7 },
  { M: 20, P: 36, K: 24 },
  { M: 18, P: 21, K: 40 },
  { M: 37, P: 40, K: 66 },
];
/** Several blocks, with edges; the last panel not full. */
const BLOCK_SHAPES: Omit<ProductShape, 'layout'>[] = [
  { M: 70, P: 132, K: 37 },
  { M: 132, P: 70, K: 24 },
];

/** Values of k for more than one turn of all that share a sum, the last turn not full. */
const SHARED_SHAPES: Omit<ProductShape, 'layout'>[] = [
  { M: 5, P: 21, K: 300 },
  { M: 2, P: 36, K: 333 },
];

/** Written and added: blocks in one form each, since they end like all tiles. */
const formsOf = (layout: Layout, variant: string): boolean[] =>
  variant.startsWith('block') ? [layout === 'NT'] : [false, true];

describe('variants of the matrix product', () => {
  const all = (Object.keys(VARIANTS) as Layout[]).flatMap((layout) =>
    VARIANTS[layout].flatMap((variant) =>
      formsOf(layout, variant).map((accumulate) => opOf(layout, variant, accumulate)),
    ),
  );
  const inHalf = (Object.keys(HALF_VARIANTS) as Layout[]).flatMap((layout) =>
    HALF_VARIANTS[layout].map((variant) => opOf(layout, variant, layout === 'TN')),
  );
  const registry = Object.fromEntries([...all, ...inHalf].map((op) => [op.name, op]));
  const judge = new ReferenceDevice(registry, 'double');
  let device: GpuDevice;

  beforeAll(async () => {
    device = await openTestDevice(registry);
  });
  afterAll(() => device.dispose());

  it.each(inHalf.map((op) => [op.name, op] as const))('%s agrees in half precision', async (_, op) => {
    const dims = /block|in 64/.test(op.name) ? BLOCK_SHAPES[0] : SHAPES[2];
    const check = await checkOp(op, { dims }, device, judge, false, halfPrecisionOf(device));
    expect(check.pass, `${check.worst} error ${check.maxError} at ${JSON.stringify(check.detail)}`).toBe(
      true,
    );
  });

  it.each(all.map((op) => [op.name, op] as const))('%s agrees with the reference', async (_, op) => {
    const added = op.name.endsWith('added');
    // Each form has kernels of its own, which a software adapter compiles slowly: they share the
    // shapes between them. Large tiles take it a second each: one shape past their edges is enough.
    const share = added ? [SHAPES[3], SHAPES[0]] : [SHAPES[2], SHAPES[1]];
    const blocks = BLOCK_SHAPES.slice(added ? 1 : 0, added ? 2 : 1);
    const shapes = /block|in 64/.test(op.name)
      ? blocks
      : op.name.includes('subgroup')
        ? [SHARED_SHAPES[added ? 0 : 1]]
        : /16|32/.test(op.name)
          ? share.slice(0, 1)
          : share;
    for (const dims of shapes) {
      const without = SHAPES.indexOf(dims) % 2 === 1 ? [op.tensors.bias ? 'bias' : 'sums'] : [];
      const check = await checkOp(op, { dims, without }, device, judge);
      expect(
        check.pass,
        `${check.size}: ${check.worst} error ${check.maxError} at ${JSON.stringify(check.detail)}`,
      ).toBe(true);
    }
  });
});

describe('plans', () => {
  it('are one launch each, and the same kernel for the same bindings', () => {
    const product = { layout: 'NN', M: 8, P: 8, K: 8, a: 'a', b: 'b', c: 'c', target: SOFTWARE } as const;
    const [first, ...others] = planProduct(product);
    expect(others).toEqual([]);
    expect(planProduct(product)[0].kernel).toEqual(first.kernel);
    expect(planColumnSums({ M: 5, K: 3 }, 'x', 'sums', false)).toHaveLength(1);
  });

  it('covers every tile and stays within the limits of a workgroup', () => {
    for (const target of [SOFTWARE, QUADS, GPU]) {
      for (const [M, P, K] of [
        [1, 1, 1],
        [1, 3000, 512],
        [12800, 1465, 512],
        [65, 100, 25],
        [3, 7, 100000],
        [2048, 512, 4],
      ]) {
        for (const layout of ['NN', 'NT', 'TN'] as const) {
          const [{ constants, grid }] = planProduct({ layout, M, P, K, a: 'a', b: 'b', c: 'c', target });
          const of = (name: string): number => Number(constants[name]);
          expect(grid[0] * of('WORKGROUP_X') * of('TILE_COLUMNS')).toBeGreaterThanOrEqual(P);
          expect(grid[1] * of('WORKGROUP_Y') * of('TILE_ROWS')).toBeGreaterThanOrEqual(M);
          expect(of('SLICES') * of('BLOCKS') * 4).toBeGreaterThanOrEqual(K);
          expect(of('WORKGROUP_X') * of('WORKGROUP_Y') * of('SLICES')).toBeLessThanOrEqual(256);
          expect(Math.max(...grid)).toBeLessThanOrEqual(65535);
        }
      }
    }
  });
});
