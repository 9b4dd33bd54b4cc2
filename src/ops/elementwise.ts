import index from '../../shaders/lib/index.wgsl?raw';
import value from '../../shaders/lib/value.wgsl?raw';
import type { Dims } from '../core/notation.js';
import { lineGrid, type Binding, type Constants, type Kernel, type Launch } from '../plan/kernel.js';
import type { Planner, PlanRequest } from '../plan/op.js';
import { rowValues, type RowValues } from './rows.js';

/** Invocations per workgroup of kernels in which every invocation stands alone. */
export const WORKGROUP = 64;

/**
 * A launch with one invocation per element of `[E]`, all bindings named like the contract's tensors
 * unless `tensors` says otherwise.
 */
export function elementwiseLaunch(
  kernel: Kernel,
  dims: Dims,
  tensors: Readonly<Record<string, string>>,
): Launch {
  const grid = lineGrid(dims.E, WORKGROUP);
  return { kernel, constants: { E: dims.E, WORKGROUP, GRID_X: grid[0] }, tensors, grid };
}

/** A kernel over values: four elements at a time, or one. */
export type ValueKernel = (type: RowValues['type']) => Kernel;

/**
 * A kernel over values whose bindings are all of type `Value` and named like the contract's
 * tensors.
 */
export function valueKernel(
  name: string,
  sources: readonly string[],
  access: Readonly<Record<string, Binding['access']>>,
): ValueKernel {
  return (type) => ({
    name,
    form: type,
    sources: [index, value, ...sources],
    bindings: Object.fromEntries(
      Object.entries(access).map(([tensor, mode]) => [tensor, { access: mode, type }]),
    ),
  });
}

/**
 * One launch over `[E]`, an invocation to each of its VALUES; those bindings that the call has;
 * `ADD_DX` where dx is added to what is there.
 */
export function planElementwise(kernelOf: ValueKernel): Planner {
  return ({ dims, has, accumulate }) => {
    const { type, VEC4, COLUMNS: VALUES } = rowValues(dims.E);
    const kernel = kernelOf(type);
    const grid = lineGrid(VALUES, WORKGROUP);
    return [
      {
        kernel,
        constants: { VALUES, VEC4, ...additions(kernel, accumulate), WORKGROUP, GRID_X: grid[0] },
        tensors: sameNames(kernel, has),
        grid,
      },
    ];
  };
}

/** The bindings of a kernel that the call has tensors for, where both have the same names. */
export function sameNames(kernel: Kernel, has: PlanRequest['has']): Record<string, string> {
  return Object.fromEntries(
    Object.keys(kernel.bindings).flatMap((name) => (has(name) ? [[name, name]] : [])),
  );
}

/** For `#if ADD_X`: which of a kernel's results are added to what is there. */
export function additions(kernel: Kernel, accumulate: readonly string[]): Constants {
  const results = Object.keys(kernel.bindings).filter(
    (name) => kernel.bindings[name].access === 'read_write',
  );
  return Object.fromEntries(results.map((name) => [`ADD_${name.toUpperCase()}`, accumulate.includes(name)]));
}
