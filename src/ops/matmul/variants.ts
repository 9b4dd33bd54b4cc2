import { ShapeError } from '../../core/errors.js';
import type { PlanTarget } from '../../plan/target.js';
import { rulesOf } from '../lib/rules.js';

/** Layout of the operands of c[M,P] in memory: a is [M,K], in TN [K,M]; b is [K,P], in NT [P,K]. */
export type Layout = 'NN' | 'NT' | 'TN';

/** The size of a matrix product. */
export interface ProductShape {
  readonly layout: Layout;
  readonly M: number;
  readonly P: number;
  readonly K: number;
}

/**
 * The tile that one invocation computes. Names, as `variantName` writes them:
 * - `1x4` … `16x16`: rows by columns
 * - `8x8/4`: four invocations share the sum over K
 * - `subgroup 1x4/32`: 32 invocations share the sum, and subgroups add up their parts
 * - `quad 8x16`: four invocations exchange the operands that they load; `in 64`: in workgroups of 64
 * - `block 64x64x16 of 8x8`: a workgroup computes 64 by 64 elements in tiles of 8 by 8, and loads
 *   operands for 16 values of k at a time into its memory
 */
export interface Variant {
  readonly kernel: 'simple' | 'rows' | 'subgroup_rows' | 'tiled' | 'quads' | 'blocks';
  readonly rows: number;
  readonly columns: number;
  /** Invocations of one workgroup that share the sum over K of a tile. */
  readonly slices: number;
  /** Of `quads`: invocations of a workgroup. Default: 4. */
  readonly lanes?: number;
  /** Of `blocks`. */
  readonly block?: Block;
}

/** Elements that a workgroup computes together, and the values of k that it loads at a time. */
export interface Block {
  readonly rows: number;
  readonly columns: number;
  readonly k: number;
}

const BLOCKS: readonly Variant[] = (
  [
    [64, 64, 16, 4],
    [64, 64, 8, 8],
    [64, 64, 16, 8],
    [64, 64, 32, 8],
    [128, 64, 8, 8],
    [128, 64, 16, 8],
  ] as const
).map(([rows, columns, k, side]) => ({
  kernel: 'blocks',
  rows: side,
  columns: side,
  slices: 1,
  block: { rows, columns, k },
}));

/** Bytes of workgroup memory: two panels of each operand. */
function blockBytes({ rows, columns, k }: Block, { half }: PlanTarget): number {
  return (half?.bytes ?? 4) * 2 * (rows + columns) * k;
}

/** Blocks for which the target has memory, if the matrix fills at least half of one. */
export function offeredBlocks(M: number, P: number, target: PlanTarget): Variant[] {
  if (!rulesOf(target).sharesWork) return [];
  return BLOCKS.filter(
    ({ block }) =>
      block !== undefined &&
      block.rows <= 2 * M &&
      block.columns <= 2 * P &&
      blockBytes(block, target) <= (target.workgroupMemory ?? 0),
  );
}

/** Invocations of a workgroup with many quads. */
const QUAD_LANES = 64;

/** Invocations that share the sums of `subgroup_rows`. */
const SUBGROUP_SLICES = [32, 64];

/** Whether a device must have the feature `subgroups` for a variant. */
export function needsSubgroups({ kernel }: Variant): boolean {
  return kernel === 'quads' || kernel === 'subgroup_rows';
}

const SIDES = [4, 8, 16];
/** Invocations among which the sum over K of a tile may be split. */
export const SLICES = [1, 2, 4, 8, 16];

/**
 * Least number of multiply-adds for the largest tiles. These take about half a second to compile on a
 * software adapter.
 */
const LARGE = 2e7;

/** Least values of k in a slice. With fewer, the exchange between slices costs more than it saves. */
export const LEAST_SLICE = 32;

/** Least values of k of an invocation if subgroups add up the parts. */
const LEAST_SHARE = 8;

/** Least number of quads, so that the cores of a software adapter are about equally busy. */
const LEAST_QUADS = 8;

/**
 * The variant for a size by rules. Larger tiles load less for each multiply-add. So it is the largest
 * tile of which there are enough: half the target's parallelism. If even the smallest tiles are too
 * few, the sum over K is split. On targets with quads, quads come first: they load half as much for
 * each multiply-add, and compile several times faster than one tile of that size. Quads of 8 by 32
 * are left to `tune`: their sums do not fit the registers of a core, and SwiftShader took 1.2 to 1.9
 * times as long as with 8 by 16.
 */
export function chooseVariant(shape: ProductShape, target: PlanTarget): Variant {
  const { layout, M, P, K } = shape;
  const { largestTiles, rowColumns, splitLanes } = rulesOf(target);
  const fewRows = M <= 3 && layout !== 'TN';
  if (target.quads && !fewRows) {
    const quads = [
      [8, 16],
      [4, 16],
    ].find(([rows, columns]) => Math.ceil(M / (4 * rows)) * Math.ceil(P / columns) >= LEAST_QUADS);
    if (quads) return { kernel: 'quads', rows: quads[0], columns: quads[1], slices: 1 };
  }
  const large = largestTiles && M * P * K >= LARGE;
  const sizes = fewRows
    ? rowColumns.map((columns) => [1, columns])
    : [...(large ? [[16, 16]] : []), [8, 8], [4, 8], [4, 4]];
  const tiles = ([rows, columns]: number[]): number => Math.ceil(M / rows) * Math.ceil(P / columns);
  const size =
    sizes.find((candidate) => tiles(candidate) >= target.parallelism / 2) ?? sizes[sizes.length - 1];
  const most = Math.min(splitLanes / tiles(size), K / LEAST_SLICE);
  const slices = Math.max(...SLICES.filter((count) => count === 1 || count <= most));
  return { kernel: fewRows ? 'rows' : 'tiled', rows: size[0], columns: size[1], slices };
}

/** Largest number of multiply-adds for which `simple` is tried, and the least for blocks. */
const SMALL = 1e6;

/**
 * Splits of the sums over K of so many tiles, with enough values of k for each invocation and about as
 * many invocations as keep the device busy.
 */
export function offeredSplits(
  { rows, columns }: Pick<Variant, 'rows' | 'columns'>,
  tiles: number,
  K: number,
  target: PlanTarget,
): Variant[] {
  const { splitLanes } = rulesOf(target);
  const busy = (lanes: number): boolean => splitLanes / 4 <= lanes && lanes <= 4 * splitLanes;
  return SLICES.filter((slices) => slices === 1 || (K / slices >= LEAST_SLICE && busy(tiles * slices))).map(
    (slices) => ({ kernel: rows === 1 ? 'rows' : 'tiled', rows, columns, slices }),
  );
}

/**
 * Whether subgroups add up sums. On adapters with slow barriers, that was 10 to 40 % slower than the
 * best of the others.
 */
function sharesSubgroups(target: PlanTarget): boolean {
  return target.subgroups === true && rulesOf(target).sharesWork;
}

/** Tiles of one row whose sums a workgroup shares, if subgroups add them up. */
export function offeredSubgroupRows(columns: number, K: number, target: PlanTarget): Variant[] {
  if (!sharesSubgroups(target)) return [];
  return SUBGROUP_SLICES.filter((slices) => K / slices >= LEAST_SHARE).map((slices) => ({
    kernel: 'subgroup_rows',
    rows: 1,
    columns,
    slices,
  }));
}

/**
 * The variants that `tune` measures at this size: tiles that are not much larger than the matrix, and
 * splits with enough values of k for each invocation and about as many invocations as keep the device
 * busy.
 */
export function offeredVariants(shape: ProductShape, target: PlanTarget): Variant[] {
  const { layout, M, P, K } = shape;
  const { largestTiles } = rulesOf(target);
  const subgroups = sharesSubgroups(target);
  const work = M * P * K;
  const fits = ([rows, columns]: readonly number[]): boolean => rows < 2 * M && columns < 2 * P;
  const split = ([rows, columns]: readonly number[]): Variant[] =>
    offeredSplits({ rows, columns }, Math.ceil(M / rows) * Math.ceil(P / columns), K, target);
  const quads = [[4, 16], [8, 16], ...(work >= LARGE / 10 ? [[8, 32]] : [])].filter(fits);
  const rows = [4, 8, 16].map((columns) => [1, columns]).filter(fits);
  const tiles = [[4, 4], [4, 8], [8, 8], ...(work >= LARGE && largestTiles ? [[16, 16]] : [])].filter(fits);
  return [
    ...(target.quads
      ? quads.map(([r, c]): Variant => ({ kernel: 'quads', rows: r, columns: c, slices: 1 }))
      : []),
    ...(subgroups
      ? quads
          .slice(0, 2)
          .map(([r, c]): Variant => ({ kernel: 'quads', rows: r, columns: c, slices: 1, lanes: QUAD_LANES }))
      : []),
    ...(layout !== 'TN' && M < 8 ? rows.flatMap(split) : []),
    ...(layout !== 'TN' && M < 8
      ? rows.flatMap(([, columns]) => offeredSubgroupRows(columns, K, target))
      : []),
    ...tiles.flatMap(split),
    ...(work >= SMALL ? offeredBlocks(M, P, target) : []),
    ...(work <= SMALL ? [parseVariant('simple', layout)] : []),
  ];
}

/** `simple`, `8x8`, `8x8/4`, `subgroup 1x4/32`, `quad 8x16 in 64`, `block 64x64x16 of 8x8`. */
export function variantName(variant: Variant): string {
  const { kernel, slices, lanes = 4 } = variant;
  if (kernel === 'simple') return kernel;
  const prefix = kernel === 'quads' ? 'quad ' : kernel === 'subgroup_rows' ? 'subgroup ' : '';
  return `${prefix}${tileName(variant)}${slices > 1 ? `/${slices}` : ''}${lanes > 4 ? ` in ${lanes}` : ''}`;
}

/** The part of the name on which the WGSL of a kernel depends: `8x8`, `block 64x64x16 of 8x8`. */
export function tileName({ rows, columns, block }: Variant): string {
  const tile = `${rows}x${columns}`;
  return block ? `block ${block.rows}x${block.columns}x${block.k} of ${tile}` : tile;
}

/** The variant of a name. @throws ShapeError for a name without a kernel */
export function parseVariant(name: string, layout: Layout): Variant {
  if (name === 'simple') return { kernel: 'simple', rows: 1, columns: 1, slices: 1 };
  const block = BLOCKS.find((variant) => variantName(variant) === name);
  if (block) return block;
  const quad = /^quad (4|8)x(16|32)(?: in (64))?$/.exec(name);
  if (quad && name !== 'quad 4x32' && name !== 'quad 8x32 in 64')
    return {
      kernel: 'quads',
      rows: Number(quad[1]),
      columns: Number(quad[2]),
      slices: 1,
      ...(quad.at(3) === undefined ? {} : { lanes: QUAD_LANES }),
    };
  const shared = /^subgroup 1x(4|8|16)\/(32|64)$/.exec(name);
  if (shared && layout !== 'TN')
    return { kernel: 'subgroup_rows', rows: 1, columns: Number(shared[1]), slices: Number(shared[2]) };
  const [, rows, columns, slices] = (/^(\d+)x(\d+)(?:\/(\d+))?$/.exec(name) ?? []).map((digits?: string) =>
    Number(digits ?? 1),
  );
  const valid =
    (rows === 1 ? layout !== 'TN' : SIDES.includes(rows)) &&
    SIDES.includes(columns) &&
    SLICES.includes(slices);
  if (!valid)
    throw new ShapeError(
      `There is no variant "${name}" of the ${layout} product: expected a name of offeredVariants, such as ` +
        `simple, 8x8, 8x8/4 or ${BLOCKS.map(variantName).join(', ')}.`,
    );
  return { kernel: rows === 1 ? 'rows' : 'tiled', rows, columns, slices };
}
