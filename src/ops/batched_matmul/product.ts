import operandsSource from '../../../shaders/batched_matmul/operands.wgsl?raw';
import simpleSource from '../../../shaders/batched_matmul/simple.wgsl?raw';
import tiledSource from '../../../shaders/batched_matmul/tiled.wgsl?raw';
import resultSource from '../../../shaders/batched_matmul/result.wgsl?raw';
import rowsSource from '../../../shaders/batched_matmul/rows.wgsl?raw';
import panels from '../../../shaders/matmul/panels.wgsl?raw';
import split from '../../../shaders/matmul/split.wgsl?raw';
import index from '../../../shaders/lib/index.wgsl?raw';
import subgroupSum from '../../../shaders/lib/subgroup_sum.wgsl?raw';
import type { Kernel, Launch, VariantChoice } from '../../plan/kernel.js';
import type { PlanTarget } from '../../plan/target.js';
import { takeVariant } from '../../plan/variants.js';
import { lineLaunch } from '../lib/elementwise.js';
import { withOperands } from '../lib/operands.js';
import { blockTile, finishRowTile, finishTile, registerTile, rowTile } from '../lib/register-tiles.js';
import { rulesOf } from '../lib/rules.js';
import {
  LEAST_SLICE,
  offeredBlocks,
  offeredSplits,
  offeredSubgroupRows,
  parseVariant,
  SLICES,
  variantName,
  type Variant,
} from '../matmul/variants.js';

/**
 * Layout of the operands in memory: a is [B,M,N,K], in tn [B,K,N,M]; b is [B,K,N,P], in nt
 * [B,P,N,K].
 */
export type BatchedLayout = 'nn' | 'nt' | 'tn';

/** A product of the op's tensors, and the letters of the op that are its M, P and K. */
export interface Part {
  readonly layout: BatchedLayout;
  readonly of: readonly [string, string];
  readonly to: string;
  readonly sizes: readonly ['M' | 'P' | 'K', 'M' | 'P' | 'K', 'M' | 'P' | 'K'];
}

/**
 * A matrix product for each of B·N batch rows: c[b,·,n,·] = a[b,·,n,·]·b[b,·,n,·]. With B = 1 the
 * batch axis is the middle one, with N = 1 it is the first.
 */
export interface BatchedProduct {
  readonly layout: BatchedLayout;
  readonly B: number;
  readonly N: number;
  readonly M: number;
  readonly P: number;
  readonly K: number;
  /** Names of the tensors in the contract of the op that plans the product. c is [B,M,N,P]. */
  readonly a: string;
  readonly b: string;
  readonly c: string;
  /** Adds the product to c. Default: false, overwrites c. */
  readonly accumulate?: boolean;
  readonly target: PlanTarget;
  /** An invocation for each element of c: the kernel against which tiles are checked. Default: false. */
  readonly simple?: boolean;
}

const bindings = (vectorised: readonly [boolean, boolean, boolean]): Kernel['bindings'] => {
  const type = (i: 0 | 1 | 2): 'f32' | 'vec4<f32>' => (vectorised[i] ? 'vec4<f32>' : 'f32');
  return {
    a: { access: 'read', type: type(0) },
    b: { access: 'read', type: type(1) },
    c: { access: 'read_write', type: type(2) },
  };
};

/** Plans the product: one launch. */
export function planBatchedProduct(product: BatchedProduct): Launch[] {
  if (product.simple === true) return [simpleLaunch(product)];
  const choice = choiceOf(product);
  const launch =
    choice.taken === 'simple'
      ? simpleLaunch(product)
      : tiledLaunch(product, parseVariant(choice.taken, product.layout === 'tn' ? 'TN' : 'NN'));
  return [{ ...launch, choice }];
}

/**
 * The variant of the target for products of this size, or that of the rules: see `chooseBatched`. With
 * fewer than eight rows, tiles of one row are offered too.
 */
function choiceOf(product: BatchedProduct): VariantChoice {
  const { layout, B, N, M, P, K, target } = product;
  const tiles = M > 4 && P > 4 ? [8, 4] : [4];
  const columns = layout !== 'tn' && M < 8 ? [4, 8, 16].filter((width) => width < 2 * P) : [];
  const split = (tile: Tile): Variant[] => offeredSplits(tile, tilesOf(product, tile), K, target);
  const offered = [
    ...tiles.flatMap((side) => split({ rows: side, columns: side })),
    ...columns.flatMap((width) => split({ rows: 1, columns: width })),
    ...columns.flatMap((width) => offeredSubgroupRows(width, K, target)),
    ...offeredBlocks(M, P, target),
  ];
  return takeVariant(
    `batched product ${layout} ${B}x${N}x${M}x${P}x${K}`,
    variantName(chooseBatched(product)),
    [...offered.map(variantName), 'simple'],
    target,
  );
}

/**
 * The variant of the rules: tiles of 8 by 8 elements if these are enough to keep the device busy, else
 * of 4 by 4. If these are too few, the sum over K is split.
 */
function chooseBatched(product: BatchedProduct): Variant {
  const { M, P, K, target } = product;
  const eight = { rows: 8, columns: 8 };
  const large = M > 4 && P > 4 && tilesOf(product, eight) >= target.parallelism / 2;
  const tile = large ? eight : { rows: 4, columns: 4 };
  const most = Math.min(rulesOf(target).splitLanes / tilesOf(product, tile), K / LEAST_SLICE);
  return { kernel: 'tiled', ...tile, slices: Math.max(...SLICES.filter((n) => n === 1 || n <= most)) };
}

type Tile = Pick<Variant, 'rows' | 'columns'>;

function tilesOf({ B, N, M, P }: BatchedProduct, { rows, columns }: Tile): number {
  return B * N * Math.ceil(M / rows) * Math.ceil(P / columns);
}

function sharedConstants({ layout, B, N, M, P, K, accumulate }: BatchedProduct): Launch['constants'] {
  return {
    B,
    N,
    M,
    P,
    K,
    TRANSPOSED_A: layout === 'tn',
    TRANSPOSED_B: layout === 'nt',
    ADD_C: accumulate === true,
  };
}

function simpleLaunch(product: BatchedProduct): Launch {
  const { B, N, M, P, a, b, c, target } = product;
  const single = {
    name: 'batched_matmul/simple',
    sources: [index, simpleSource],
    bindings: bindings([false, false, false]),
  };
  const kernel = withOperands(single, target.half);
  return { ...lineLaunch(kernel, B * N * M * P, sharedConstants(product)), tensors: { a, b, c } };
}

/** WGSL of a variant's tiles, in workgroups of so many. */
function sourcesOf({ kernel, rows, columns, block }: Variant, half: boolean): readonly string[] {
  const tile = { rows, columns, half };
  const before = [index, operandsSource, resultSource, split];
  switch (kernel) {
    case 'rows':
      return [...before, rowTile(tile), finishRowTile(tile), rowsSource];
    case 'subgroup_rows':
      return [...before, subgroupSum, rowTile(tile, true), finishRowTile(tile), rowsSource];
    default:
      return [
        ...before,
        ...(block ? [panels, blockTile(tile)] : [registerTile(tile)]),
        tiledSource,
        finishTile(tile),
      ];
  }
}

/**
 * Register tiles of one, four or eight rows. Each invocation loads its own operands, or a workgroup
 * loads those of a block of tiles together.
 */
function tiledLaunch(product: BatchedProduct, variant: Variant): Launch {
  const { layout, M, P, K, a, b, c, target } = product;
  const { kernel: body, rows, columns, slices, block } = variant;
  const { half } = target;
  const subgroups = body === 'subgroup_rows';
  const down = Math.ceil(M / (block?.rows ?? rows));
  const across = Math.ceil(P / (block?.columns ?? columns));
  const [aRows, aColumns] = layout === 'tn' ? [K, M] : [M, K];
  const [bRows, bColumns] = layout === 'nt' ? [P, K] : [K, P];
  const vectorised = [aColumns % 4 === 0, bColumns % 4 === 0, P % 4 === 0] as const;
  const workgroup = block || subgroups ? 1 : Math.max(1, rulesOf(target).tilesOfWorkgroup / slices);
  const single = {
    name: `batched_matmul/${rows === 1 ? 'rows' : 'tiled'}`,
    form: [variantName(variant), ...vectorised.map((vector) => (vector ? 'vec4' : 'f32'))].join(' '),
    sources: sourcesOf(variant, half !== undefined),
    bindings: bindings(vectorised),
    ...(subgroups ? { enables: ['subgroups'] } : {}),
  };
  const constants = {
    ...sharedConstants(product),
    A_ROWS: aRows,
    A_COLUMNS: aColumns,
    B_ROWS: bRows,
    B_COLUMNS: bColumns,
    VEC_A: vectorised[0],
    VEC_B: vectorised[1],
    VEC_C: vectorised[2],
    TILE_ROWS: rows,
    TILE_COLUMNS: columns,
    DOWN: down,
    ACROSS: across,
    BLOCK: block !== undefined,
    SUBGROUPS: subgroups,
    SPLIT: slices > 1 && !subgroups,
    SLICES: slices,
    ...(block
      ? {
          WORKGROUP_X: block.columns / columns,
          WORKGROUP_Y: block.rows / rows,
          PANELS: Math.ceil(K / block.k),
          PANEL_K: block.k,
        }
      : { BLOCKS: Math.ceil(K / (4 * slices)), COLUMN_STEP: 4, WORKGROUP_X: workgroup, WORKGROUP_Y: 1 }),
  };
  const count = product.B * product.N * down * across;
  return { ...lineLaunch(withOperands(single, half), count, constants, workgroup), tensors: { a, b, c } };
}
