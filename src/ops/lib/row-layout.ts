import { lineGrid, type Binding, type Constants, type Kernel, type Launch } from '../../plan/kernel.js';
import type { PlanTarget } from '../../plan/target.js';
import { rulesOf } from './rules.js';

/** How kernels read the rows of `[R,C]`: in vectors of four elements, or element by element. */
export interface RowValues {
  /** Element type of the bindings in WGSL; kernels call it `Value` (shaders/lib/value.wgsl). */
  readonly type: Extract<Binding['type'], 'f32' | 'vec4<f32>'>;
  /** For `#if VEC4`. */
  readonly VEC4: boolean;
  /** Elements in one value. */
  readonly width: 1 | 4;
  /** Values in one row. */
  readonly COLUMNS: number;
}

/**
 * The layout of rows of `columns` floats. It is `vec4<f32>` where `columns` and all `others` (parts
 * of rows, offsets in them) are multiples of four.
 */
export function rowValues(columns: number, ...others: readonly number[]): RowValues {
  const VEC4 = [columns, ...others].every((length) => length % 4 === 0);
  const width = VEC4 ? 4 : 1;
  return { type: VEC4 ? 'vec4<f32>' : 'f32', VEC4, width, COLUMNS: columns / width };
}

/**
 * Invocations per workgroup on a software adapter, where each reduces a whole row or column. A
 * workgroup stays on one core, so small ones give work to every core.
 */
export const SOFTWARE_WORKGROUP = 8;

/** Invocations that reduce one row together on a GPU. */
const ROW_LANES = 128;

/** A kernel that reduces whole rows, in the form for each kind of adapter. */
export interface RowKernels {
  /** For software adapters: they have few lanes, and a barrier costs more than a row. */
  readonly rowPerInvocation: Kernel;
  /** For GPUs: the invocations of a workgroup share a row. */
  readonly rowPerWorkgroup: Kernel;
}

/** One launch over `rows` rows, in the form for the target. */
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
