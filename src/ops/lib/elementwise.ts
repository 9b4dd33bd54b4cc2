import index from '../../../shaders/lib/index.wgsl?raw';
import value from '../../../shaders/lib/value.wgsl?raw';
import { lineGrid, type Binding, type Constants, type Kernel, type Launch } from '../../plan/kernel.js';
import type { Planner, PlanRequest } from '../../plan/planner.js';
import { rowValues, type RowValues } from './row-layout.js';

/** Invocations per workgroup of kernels whose invocations do not cooperate. */
export const WORKGROUP = 64;

/**
 * A one-dimensional launch of `count` invocations. Every binding takes the tensor of its own name.
 * @param constants the kernel's own constants; WORKGROUP and GRID_X are added
 */
export function lineLaunch(
  kernel: Kernel,
  count: number,
  constants: Constants,
  workgroup = WORKGROUP,
): Launch {
  const grid = lineGrid(count, workgroup);
  return { kernel, constants: { ...constants, WORKGROUP: workgroup, GRID_X: grid[0] }, grid };
}

/** Builds a kernel for elements of type `f32`, or of `vec4<f32>`: four elements at a time. */
export type ValueKernel = (type: RowValues['type']) => Kernel;

/**
 * A kernel whose bindings have the names of the contract's tensors. Those in `access` are of type
 * `Value` (shaders/lib/value.wgsl); those in `others.bindings` declare their own type.
 */
export function valueKernel(
  name: string,
  sources: readonly string[],
  access: Readonly<Record<string, Binding['access']>>,
  others: Pick<Kernel, 'uniforms'> & { readonly bindings?: Kernel['bindings'] } = {},
): ValueKernel {
  const { bindings, ...rest } = others;
  return (type) => ({
    name,
    form: type,
    sources: [index, value, ...sources],
    bindings: {
      ...Object.fromEntries(Object.entries(access).map(([tensor, mode]) => [tensor, { access: mode, type }])),
      ...bindings,
    },
    ...rest,
  });
}

/**
 * A launch with one invocation for each of `count` values, in the layout that `rowValues` returned.
 * The kernel gets `ADD_DX` and the like: which gradients it adds to instead of overwriting them.
 */
export function valueLaunch(
  kernelOf: ValueKernel,
  { type, VEC4 }: RowValues,
  count: number,
  constants: Constants,
  accumulate: readonly string[],
): Launch {
  const kernel = kernelOf(type);
  return lineLaunch(kernel, count, { ...constants, VEC4, ...additions(kernel, accumulate) });
}

/** Plans one launch over `[E]`, with an invocation for each value. */
export function planElementwise(kernelOf: ValueKernel): Planner {
  return ({ dims, accumulate }) => {
    const values = rowValues(dims.E);
    return [valueLaunch(kernelOf, values, values.COLUMNS, { VALUES: values.COLUMNS }, accumulate)];
  };
}

/** Constants for `#if ADD_X` in WGSL: true for the results that the kernel adds to, not overwrites. */
export function additions(
  kernel: Pick<Kernel, 'bindings'>,
  accumulate: PlanRequest['accumulate'],
): Constants {
  const results = Object.keys(kernel.bindings).filter(
    (name) => kernel.bindings[name].access === 'read_write',
  );
  return Object.fromEntries(results.map((name) => [`ADD_${name.toUpperCase()}`, accumulate.includes(name)]));
}
