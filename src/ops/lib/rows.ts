import { lineGrid, type Binding, type Constants, type Kernel, type Launch } from '../../plan/kernel.js';
import type { PlanTarget } from '../../plan/op.js';
import { rulesOf } from './rules.js';

/** How kernels see the columns of `[R,C]`: four at a time where the rows allow it. */
export interface RowValues {
  /** WGSL element type of the bindings; kernels call it `Value` (shaders/lib/value.wgsl). */
  readonly type: Extract<Binding['type'], 'f32' | 'vec4<f32>'>;
  /** For `#if VEC4`. */
  readonly VEC4: boolean;
  /** Columns of one value. */
  readonly width: 1 | 4;
  /** Values in one row. */
  readonly COLUMNS: number;
}

/**
 * Rows of `columns` floats as values: `vec4<f32>` where that and all `others` (parts of rows,
 * places in them) are multiples of four.
 */
export function rowValues(columns: number, ...others: readonly number[]): RowValues {
  const VEC4 = [columns, ...others].every((length) => length % 4 === 0);
  const width = VEC4 ? 4 : 1;
  return { type: VEC4 ? 'vec4<f32>' : 'f32', VEC4, width, COLUMNS: columns / width };
}

/**
 * Invocations per workgroup where a software adapter does a whole row or column with each: few, so
 * that all cores get some.
 */
export const SOFTWARE_WORKGROUP = 8;

/** Invocations that share one row on a GPU. */
const ROW_LANES = 128;

/** A kernel that must see whole rows, in its two forms. */
export interface RowKernels {
  /** For adapters with a handful of lanes, where a barrier costs more than a row. */
  readonly rowPerInvocation: Kernel;
  /** For GPUs. */
  readonly rowPerWorkgroup: Kernel;
}

/** One launch over `rows` rows, in the form that suits the target. */
export function rowLaunch(
  kernels: RowKernels,
  rows: number,
  target: PlanTarget,
  constants: Constants,
): Launch {
  const { sharesWork } = rulesOf(target);
  const grid = lineGrid(rows, sharesWork ? 1 : SOFTWARE_WORKGROUP);
  const WORKGROUP = sharesWork ? ROW_LANES : SOFTWARE_WORKGROUP;
  return {
    kernel: sharesWork ? kernels.rowPerWorkgroup : kernels.rowPerInvocation,
    constants: { ...constants, WORKGROUP, GRID_X: grid[0] },
    grid,
  };
}
