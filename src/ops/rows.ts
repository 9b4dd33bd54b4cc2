import type { Binding } from '../plan/kernel.js';
import type { PlanTarget } from '../plan/op.js';

/** How kernels see the columns of `[R,C]`: four at a time where the rows allow it. */
export interface RowValues {
  /** WGSL element type of the bindings; kernels call it `Value` (shaders/lib/value.wgsl). */
  readonly type: Extract<Binding['type'], 'f32' | 'vec4<f32>'>;
  /** For `#if VEC4`. */
  readonly VEC4: boolean;
  /** Values in one row. */
  readonly COLUMNS: number;
}

/** Rows of `columns` floats as values: `vec4<f32>` where the length is a multiple of four. */
export function rowValues(columns: number): RowValues {
  const VEC4 = columns % 4 === 0;
  return { type: VEC4 ? 'vec4<f32>' : 'f32', VEC4, COLUMNS: VEC4 ? columns / 4 : columns };
}

/** Whether the device is a software adapter: a few cores with four lanes each, where barriers and idle lanes are what costs. */
export function isSoftware(target: PlanTarget): boolean {
  return target.parallelism <= 64;
}

/** Invocations per workgroup where a software adapter does a whole row or column with each: few, so that all cores get some. */
export const SOFTWARE_WORKGROUP = 8;

/** Invocations that share one row on a GPU. */
export const ROW_LANES = 128;
