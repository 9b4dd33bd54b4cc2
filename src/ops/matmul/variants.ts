import { ShapeError } from '../../core/errors.js';
import type { PlanTarget } from '../../plan/op.js';
import { rulesOf } from '../lib/rules.js';

/** How the operands of c[M,P] lie in memory: a is [M,K], in TN [K,M]; b is [K,P], in NT [P,K]. */
export type Layout = 'NN' | 'NT' | 'TN';

/** The size of a matrix product. */
export interface ProductShape {
  readonly layout: Layout;
  readonly M: number;
  readonly P: number;
  readonly K: number;
}

/**
 * What one invocation computes. `1x4` … `16x16`; `8x8/4` splits K over four invocations; `subgroup
 * 1x4/32` over 32, which add up by subgroups; `quad 8x16`: four exchange what they load, `quad 8x16
 * in 64` in workgroups of 64; `block 64x64x16 of 8x8`: a workgroup computes 64 by 64 elements in such
 * tiles, and loads 16 values of K at a time into its memory.
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

/** What a workgroup computes together, and the values of K that it loads at a time. */
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

/** Blocks that a target has memory for, of matrices that fill at least half of one. */
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
 * Least multiply-adds for which the largest tiles are worth their compilation, about half a second
 * on a software adapter.
 */
const LARGE = 2e7;

/**
 * Values of K that a slice must have at least, or the exchange between slices costs more than it
 * saves.
 */
export const LEAST_SLICE = 32;

/** Values of K that an invocation must have at least where subgroups add up. */
const LEAST_SHARE = 8;

/** Quads that keep the cores of a software adapter busy, about evenly. */
const LEAST_QUADS = 8;

/**
 * The variant for a size. Larger tiles load less for each multiply-add, so the largest is taken of
 * which there are still enough: half the target's parallelism. Where even the smallest are too few,
 * K is split. Quads go before all others where they pay: they load half as much for each
 * multiply-add, and compile several times faster than one tile of that size. The quads of 8 by 32 are
 * left to `tune`: their sums no longer fit the registers of a core, and SwiftShader took 1.2 to 1.9
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

/** Most multiply-adds for which one output per invocation is worth a trial. */
const SMALL = 1e6;

/**
 * All variants that are worth a trial at this size, for `tune` to measure: tiles that fit the
 * matrix, and splits that leave an invocation enough to add up and give the device about as many
 * invocations as keep it busy.
 */
export function offeredVariants(shape: ProductShape, target: PlanTarget): Variant[] {
  const { layout, M, P, K } = shape;
  const { largestTiles, splitLanes, sharesWork } = rulesOf(target);
  // Where barriers cost much, sums that subgroups share were slower than the best of the others, by
  // 10 to 40 %.
  const subgroups = target.subgroups === true && sharesWork;
  const work = M * P * K;
  const fits = ([rows, columns]: readonly number[]): boolean => rows < 2 * M && columns < 2 * P;
  const split = (kernel: 'rows' | 'tiled', [rows, columns]: readonly number[]): Variant[] => {
    const tiles = Math.ceil(M / rows) * Math.ceil(P / columns);
    return SLICES.filter(
      (slices) =>
        slices === 1 ||
        (K / slices >= LEAST_SLICE && splitLanes / 4 <= tiles * slices && tiles * slices <= 4 * splitLanes),
    ).map((slices) => ({ kernel, rows, columns, slices }));
  };
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
    ...(layout !== 'TN' && M < 8 ? rows.flatMap((size) => split('rows', size)) : []),
    ...(subgroups && layout !== 'TN' && M < 8
      ? rows.flatMap(([, columns]) =>
          SUBGROUP_SLICES.filter((slices) => K / slices >= LEAST_SHARE).map((slices): Variant => ({
            kernel: 'subgroup_rows',
            rows: 1,
            columns,
            slices,
          })),
        )
      : []),
    ...tiles.flatMap((size) => split('tiled', size)),
    ...(work >= SMALL ? offeredBlocks(M, P, target) : []),
    ...(work <= SMALL && !target.half ? [parseVariant('simple', layout)] : []),
  ];
}

/** `simple`, `8x8`, `8x8/4`, `subgroup 1x4/32`, `quad 8x16 in 64`, `block 64x64x16 of 8x8`. */
export function variantName(variant: Variant): string {
  const { kernel, slices, lanes = 4 } = variant;
  if (kernel === 'simple') return kernel;
  const prefix = kernel === 'quads' ? 'quad ' : kernel === 'subgroup_rows' ? 'subgroup ' : '';
  return `${prefix}${tileName(variant)}${slices > 1 ? `/${slices}` : ''}${lanes > 4 ? ` in ${lanes}` : ''}`;
}

/** What tells the texts of one kernel apart: `8x8`, `block 64x64x16 of 8x8`. */
export function tileName({ rows, columns, block }: Variant): string {
  const tile = `${rows}x${columns}`;
  return block ? `block ${block.rows}x${block.columns}x${block.k} of ${tile}` : tile;
}

/** The variant of a name. @throws ShapeError for a name or a size that there is no kernel for */
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
      `There is no variant "${name}" of the ${layout} product: expected simple, or rows x columns of ` +
        '4, 8 or 16 (1 row for NN and NT), with /2 to /16 for a split over K, quad 4x16, 8x16 and ' +
        '8x32, quad 4x16 in 64 and 8x16 in 64, subgroup 1x4 to 1x16 with /32 or /64 (NN and NT), ' +
        `or ${BLOCKS.map(variantName).join(', ')}.`,
    );
  return { kernel: rows === 1 ? 'rows' : 'tiled', rows, columns, slices };
}
