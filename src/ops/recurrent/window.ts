import type { Dims } from '../../core/notation.js';
import type { PlanTarget } from '../../plan/op.js';
import { rulesOf } from '../lib/rules.js';
import { LEAST_SLICE } from '../matmul/variants.js';

/**
 * All time steps of a window in one launch (shaders/recurrent/whole_window.wgsl): a workgroup owns
 * `rows` batch rows, and keeps what the next step multiplies in workgroup memory.
 */
export interface WindowTile {
  readonly rows: number;
  /** Length of the sums of its products. */
  readonly inner: number;
}

/** Batch rows that a workgroup may own. */
export const WINDOW_ROWS: readonly number[] = [1, 4, 8];

/** `window 4`: workgroups of four batch rows. */
export const windowName = (rows: number): string => `window ${rows}`;

/** The rows of such a name; undefined for the name of another variant. */
export function windowRows(variant: string): number | undefined {
  const [, rows] = /^window (\d+)$/.exec(variant) ?? [];
  return rows === undefined ? undefined : Number(rows);
}

/** Most invocations that share a sum over k. */
const MOST_SLICES = 16;

/**
 * Invocations of a workgroup across units, and how many share a sum: rows beside each other leave
 * enough to do, and would exchange their sums one after the other.
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
 * The rows that a workgroup owns where the rules take one launch for a window, and 0 where they take
 * a launch for each step: see `Rules.windowWeights`.
 * @param gates blocks of H rows that the recurrent weights have
 */
export function chosenWindow({ T, N, H }: Dims, gates: number, target: PlanTarget): number {
  const { windowWeights, windowGroups } = rulesOf(target);
  if (T === 1 || gates * H * H > windowWeights) return 0;
  return WINDOW_ROWS.filter((rows) => rows === 1 || N / rows >= windowGroups).at(-1) ?? 1;
}
