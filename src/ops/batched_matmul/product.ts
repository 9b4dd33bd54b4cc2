import operandsSource from '../../../shaders/batched_matmul/operands.wgsl?raw';
import simpleSource from '../../../shaders/batched_matmul/simple.wgsl?raw';
import tiledSource from '../../../shaders/batched_matmul/tiled.wgsl?raw';
import panels from '../../../shaders/matmul/panels.wgsl?raw';
import index from '../../../shaders/lib/index.wgsl?raw';
import type { Kernel, Launch, VariantChoice } from '../../plan/kernel.js';
import type { PlanTarget } from '../../plan/target.js';
import { takeVariant } from '../../plan/variants.js';
import { lineLaunch } from '../lib/elementwise.js';
import { withOperands } from '../lib/operands.js';
import { blockTile, finishTile, registerTile } from '../lib/register-tiles.js';
import { rulesOf } from '../lib/rules.js';
import { offeredBlocks, parseVariant, variantName } from '../matmul/variants.js';

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
  const launch = choice.taken === 'simple' ? simpleLaunch(product) : tiledLaunch(product, choice.taken);
  return [{ ...launch, choice }];
}

/**
 * The variant of the target for products of this size, or that of the rules: tiles of 8 by 8 elements
 * if these are enough to keep the device busy, else of 4 by 4.
 */
function choiceOf(product: BatchedProduct): VariantChoice {
  const { layout, B, N, M, P, K, target } = product;
  const large = M > 4 && P > 4 && tilesOf(product, 8) >= target.parallelism / 2;
  const tiles = M > 4 && P > 4 ? ['8x8', '4x4'] : ['4x4'];
  const offered = [...tiles, 'simple', ...offeredBlocks(M, P, target).map(variantName)];
  return takeVariant(
    `batched product ${layout} ${B}x${N}x${M}x${P}x${K}`,
    large ? '8x8' : '4x4',
    offered,
    target,
  );
}

function tilesOf({ B, N, M, P }: BatchedProduct, side: number): number {
  return B * N * Math.ceil(M / side) * Math.ceil(P / side);
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

/**
 * Register tiles of 8 by 8 or 4 by 4 elements. Each invocation loads its own operands, or a workgroup
 * loads those of a block of tiles together.
 */
function tiledLaunch(product: BatchedProduct, variant: string): Launch {
  const { layout, M, P, K, a, b, c, target } = product;
  const { rows: side, block } = parseVariant(variant, 'NN');
  const { half } = target;
  const tile = { rows: side, columns: side, half: half !== undefined };
  const [down, across] = block ? [block.rows, block.columns] : [side, side];
  const [aRows, aColumns] = layout === 'tn' ? [K, M] : [M, K];
  const [bRows, bColumns] = layout === 'nt' ? [P, K] : [K, P];
  const vectorised = [aColumns % 4 === 0, bColumns % 4 === 0, P % 4 === 0] as const;
  const workgroup = rulesOf(target).tilesOfWorkgroup;
  const single = {
    name: 'batched_matmul/tiled',
    form: [variant, ...vectorised.map((vector) => (vector ? 'vec4' : 'f32'))].join(' '),
    sources: [
      index,
      operandsSource,
      ...(block ? [panels, blockTile(tile)] : [registerTile(tile)]),
      tiledSource,
      finishTile(tile),
    ],
    bindings: bindings(vectorised),
  };
  const kernel = withOperands(single, half);
  const constants = {
    ...sharedConstants(product),
    A_ROWS: aRows,
    A_COLUMNS: aColumns,
    B_ROWS: bRows,
    B_COLUMNS: bColumns,
    VEC_A: vectorised[0],
    VEC_B: vectorised[1],
    VEC_C: vectorised[2],
    SIDE: side,
    DOWN: Math.ceil(M / down),
    ACROSS: Math.ceil(P / across),
    BLOCK: block !== undefined,
    ...(block
      ? {
          TILE_ROWS: side,
          TILE_COLUMNS: side,
          WORKGROUP_X: across / side,
          WORKGROUP_Y: down / side,
          PANELS: Math.ceil(K / block.k),
          PANEL_K: block.k,
        }
      : { BLOCKS: Math.ceil(K / 4), COLUMN_STEP: 4 }),
  };
  if (block) {
    const groups = product.B * product.N * constants.DOWN * constants.ACROSS;
    return { ...lineLaunch(kernel, groups, constants, 1), tensors: { a, b, c } };
  }
  return { ...lineLaunch(kernel, tilesOf(product, side), constants, workgroup), tensors: { a, b, c } };
}
