import type { Launch, VariantChoice } from '../../plan/kernel.js';
import type { PlanTarget } from '../../plan/target.js';
import { columnSums, productKernel } from './kernels.js';
import { takeVariant } from '../../plan/variants.js';
import {
  chooseVariant,
  offeredVariants,
  parseVariant,
  variantName,
  type ProductShape,
  type Variant,
} from './variants.js';
import { rulesOf } from '../lib/rules.js';

/**
 * One matrix product c[M,P] = a·b + bias. Tensors have their names in the contract of the op that
 * plans it. They may be larger than the product needs; it uses their first elements.
 */
export interface Product extends ProductShape {
  /** [M,K], in layout TN [K,M]. */
  readonly a: string;
  /** [K,P], in layout NT [P,K]. */
  readonly b: string;
  /** [M,P]. */
  readonly c: string;
  /** [P], added to every row. */
  readonly bias?: string;
  /**
   * [M], receives Σ_k a[k,m] (layout TN only): the gradient of a bias, in the launch of the weight
   * gradient. The elements of a are not rounded to half precision for it.
   */
  readonly rowSums?: string;
  /** Adds the product to c. Default: overwrites c. */
  readonly accumulate?: boolean;
  /** Adds the sums to rowSums. Default: overwrites them. */
  readonly accumulateRowSums?: boolean;
  readonly target: PlanTarget;
  /**
   * Name of a variant, as `variantName` writes it, for tests and benchmarks. Default: chosen by size.
   */
  readonly forceVariant?: string;
}

/** Plans a matrix product: one launch. */
export function planProduct(product: Product): Launch[] {
  const { layout, M, P, K, a, b, c, bias, rowSums } = product;
  const choice = product.forceVariant === undefined ? choiceOf(product) : undefined;
  const variant = parseVariant(product.forceVariant ?? choice?.taken ?? 'simple', layout);
  const { rows, columns, slices, block } = variant;
  const [aRows, aColumns] = layout === 'TN' ? [K, M] : [M, K];
  const [bRows, bColumns] = layout === 'NT' ? [P, K] : [K, P];
  const wide = variant.kernel !== 'simple';
  const vectorised = { a: wide && aColumns % 4 === 0, b: wide && bColumns % 4 === 0, c: wide && P % 4 === 0 };
  const [x, y] = workgroupOf(variant, product);
  const blocks = Math.ceil(K / (4 * slices));
  const panels = block ? Math.ceil(K / block.k) : 0;
  const summed = block ? panels * block.k : blocks * 4 * slices;
  return [
    {
      kernel: productKernel(variant, vectorised, product.target.half),
      constants: {
        M,
        P,
        K,
        TRANSPOSED_A: layout === 'TN',
        TRANSPOSED_B: layout === 'NT',
        VEC_C: vectorised.c,
        ADD_C: product.accumulate === true,
        ADD_ROW_SUMS: product.accumulateRowSums === true,
        WORKGROUP_X: x,
        WORKGROUP_Y: y,
        ...(wide
          ? {
              A_ROWS: aRows,
              A_COLUMNS: aColumns,
              B_ROWS: bRows,
              B_COLUMNS: bColumns,
              VEC_A: vectorised.a,
              VEC_B: vectorised.b,
              TILE_ROWS: rows,
              TILE_COLUMNS: columns,
              COLUMN_STEP: 4,
              BLOCKS: blocks,
              MASK_K: summed !== K,
              SLICES: slices,
              SPLIT: slices > 1,
              ALONE: slices === 1 && !block,
              ...(variant.kernel === 'quads'
                ? { LANES: variant.lanes ?? 4, MANY_QUADS: (variant.lanes ?? 4) > 4 }
                : {}),
              ...(block ? { PANELS: panels, PANEL_K: block.k } : {}),
            }
          : {}),
      },
      tensors: { a, b, c, bias, row_sums: rowSums },
      grid: [Math.ceil(P / (columns * x)), Math.ceil(M / (rows * y)), 1],
      ...(choice ? { choice } : {}),
    },
  ];
}

/** The variant of the rules, or that of the target for products of this size. */
function choiceOf(product: Product): VariantChoice {
  const { layout, M, P, K, target } = product;
  const rule = variantName(chooseVariant(product, target));
  const offered = offeredVariants(product, target).map(variantName);
  return takeVariant(`product ${layout} ${M}x${P}x${K}`, rule, offered, target);
}

/** Tiles of a workgroup along rows if it has many quads: four quads. */
const QUAD_ROWS = 16;

/** Invocations of a workgroup along columns and rows: powers of two, as equal as the matrix allows. */
function workgroupOf(
  { kernel, rows, columns, slices, block, lanes = 4 }: Variant,
  { M, P, target }: Product,
): readonly [number, number] {
  if (block) return [block.columns / columns, block.rows / rows];
  if (kernel === 'quads') return lanes === 4 ? [1, 4] : [lanes / QUAD_ROWS, QUAD_ROWS];
  if (kernel === 'subgroup_rows') return [1, 1];
  const tiles = Math.max(4, rulesOf(target).tilesOfWorkgroup / slices);
  const across = powerOfTwo(P / columns);
  const down = powerOfTwo(M / rows);
  const x = Math.min(across, Math.max(powerOfTwo(Math.sqrt(tiles)), tiles / down));
  return [x, Math.min(down, tiles / x)];
}

/** The least power of two from 1 that is not less than `count`. */
function powerOfTwo(count: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(count)));
}

/** Sums of the columns of x [K,M], into `sums` [M]: one launch. */
export function planColumnSums(
  dims: { readonly M: number; readonly K: number },
  x: string,
  sums: string,
  accumulate: boolean,
): Launch[] {
  const { M, K } = dims;
  const slices = Math.min(16, powerOfTwo(K));
  const across = Math.min(16, powerOfTwo(M));
  const constants = {
    M,
    K,
    WORKGROUP_X: across,
    SLICES: slices,
    STEPS: Math.ceil(K / slices),
    ADD_SUMS: accumulate,
  };
  return [{ kernel: columnSums, constants, tensors: { x, sums }, grid: [Math.ceil(M / across), 1, 1] }];
}
