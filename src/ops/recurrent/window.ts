import type { Dims } from '../../core/notation.js';
import type { PlanTarget } from '../../plan/target.js';
import { rulesOf } from '../lib/rules.js';
import { LEAST_SLICE } from '../matmul/variants.js';

/**
 * A workgroup's part of a launch that computes all time steps of a window
 * (shaders/recurrent/whole_window.wgsl). It keeps the operand of the next step in workgroup memory.
 */
export interface WindowTile {
  /** Number of batch rows. */
  readonly rows: number;
  /** Number of terms in the sums of its products. */
  readonly inner: number;
}

/** Numbers of batch rows that a workgroup can own. */
export const WINDOW_ROWS: readonly number[] = [1, 4, 8];

/** The name of the variant with this number of batch rows for each workgroup: `window 4`. */
export const windowName = (rows: number): string => `window ${rows}`;

/** The number of rows in such a name; undefined for another variant. */
export function windowRows(variant: string): number | undefined {
  const [, rows] = /^window (\d+)$/.exec(variant) ?? [];
  return rows === undefined ? undefined : Number(rows);
}

/** Most invocations that share a sum over k. */
const MOST_SLICES = 16;

/**
 * Returns the number of a workgroup's invocations across units, and the number that share a sum. With
 * several rows, none share sums: there is enough work, and each row would need an exchange of its own.
 */
export function windowGeometry(
  { H }: Dims,
  { rows, inner }: WindowTile,
  target: PlanTarget,
): { readonly across: number; readonly slices: number } {
  const { windowWorkgroup, splitsSteps } = rulesOf(target);
  const across = Math.min(windowWorkgroup, 2 ** Math.ceil(Math.log2(Math.ceil(H / 4))));
  const most = Math.min(MOST_SLICES, windowWorkgroup / across, inner / LEAST_SLICE);
  const slices = !splitsSteps || rows > 1 || most < 2 ? 1 : 2 ** Math.floor(Math.log2(most));
  return { across, slices };
}

/** Whether the operands of two steps and the parts of split sums fit into workgroup memory. */
export function fitsWindow(dims: Dims, tile: WindowTile, target: PlanTarget): boolean {
  const { N } = dims;
  const { rows, inner } = tile;
  const { across, slices } = windowGeometry(dims, tile, target);
  const bytes = 4 * 2 * rows * inner + (slices > 1 ? 16 * across * slices : 0);
  return (rows === 1 || rows < 2 * N) && bytes <= (target.workgroupMemory ?? 0);
}

/**
 * Returns the number of batch rows of a workgroup if the rules choose one launch for a window, else 0:
 * see `Rules.windowWeights`.
 * @param gates number of blocks of H rows in weight_hh
 */
export function chosenWindow({ T, N, H }: Dims, gates: number, target: PlanTarget): number {
  const { windowWeights, windowGroups } = rulesOf(target);
  if (T === 1 || gates * H * H > windowWeights) return 0;
  return WINDOW_ROWS.filter((rows) => rows === 1 || N / rows >= windowGroups).at(-1) ?? 1;
}
