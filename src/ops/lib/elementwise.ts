import index from '../../../shaders/lib/index.wgsl?raw';
import value from '../../../shaders/lib/value.wgsl?raw';
import { lineGrid, type Binding, type Constants, type Kernel, type Launch } from '../../plan/kernel.js';
import type { Planner, PlanRequest } from '../../plan/op.js';
import { rowValues, type RowValues } from './rows.js';

/** Invocations per workgroup of kernels in which every invocation stands alone. */
export const WORKGROUP = 64;

/**
 * A launch of `count` invocations in one line; `constants` are the kernel's own. Bindings have the
 * names of their tensors.
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

/** A kernel over values: four elements at a time, or one. */
export type ValueKernel = (type: RowValues['type']) => Kernel;

/**
 * A kernel over values whose bindings are all of type `Value` and named like the contract's
 * tensors, but for `others`, which have types of their own.
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
 * A launch with an invocation for each of `count` values of rows that `rowValues` has measured;
 * `ADD_DX` where dx is added to what is there.
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

/** One launch over `[E]`, an invocation to each of its VALUES. */
export function planElementwise(kernelOf: ValueKernel): Planner {
  return ({ dims, accumulate }) => {
    const values = rowValues(dims.E);
    return [valueLaunch(kernelOf, values, values.COLUMNS, { VALUES: values.COLUMNS }, accumulate)];
  };
}

/** For `#if ADD_X`: which of a kernel's results are added to what is there. */
export function additions(
  kernel: Pick<Kernel, 'bindings'>,
  accumulate: PlanRequest['accumulate'],
): Constants {
  const results = Object.keys(kernel.bindings).filter(
    (name) => kernel.bindings[name].access === 'read_write',
  );
  return Object.fromEntries(results.map((name) => [`ADD_${name.toUpperCase()}`, accumulate.includes(name)]));
}
