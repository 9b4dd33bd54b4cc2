import source from '../../../shaders/permute/forward.wgsl?raw';
import type { Launch } from '../../plan/kernel.js';
import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { PlanRequest } from '../../plan/planner.js';
import { valueKernel, valueLaunch } from '../lib/elementwise.js';
import { rowValues } from '../lib/row-layout.js';
import { overRows } from '../lib/native-calls.js';

const kernelOf = valueKernel('permute/forward', [source], { x: 'read', y: 'read_write' });

/** Backward runs the same kernel on the gradients, with M and P exchanged. */
function launch(
  { dims: { B, M, P, C }, accumulate }: PlanRequest,
  tensors: { readonly x: string; readonly y: string },
  [ROWS, ACROSS]: readonly [number, number],
): Launch[] {
  const values = rowValues(C);
  const { COLUMNS } = values;
  const VALUES = B * M * P * COLUMNS;
  const added = accumulate.includes(tensors.y) ? ['y'] : [];
  return [{ ...valueLaunch(kernelOf, values, VALUES, { VALUES, ROWS, ACROSS, COLUMNS }, added), tensors }];
}

export * as reference from './reference.js';

export const plan: Planners = {
  forward: (request) => launch(request, { x: 'x', y: 'y' }, [request.dims.M, request.dims.P]),
  backward: (request) => launch(request, { x: 'dy', y: 'dx' }, [request.dims.P, request.dims.M]),
};

export const native: NativePlanners = {
  forward: ({ dims: { B, M, P, C } }) => [overRows('permute', ['x', 'y', M, P, C, false], B * M * P, C)],
  backward: ({ dims: { B, M, P, C }, accumulate }) => [
    overRows('permute', ['dy', 'dx', P, M, C, accumulate.includes('dx')], B * M * P, C),
  ],
};

export const cases: readonly OpCase[] = [
  { dims: { B: 1, M: 1, P: 1, C: 1 } },
  { dims: { B: 2, M: 3, P: 5, C: 1 } },
  { dims: { B: 1, M: 7, P: 3, C: 8 } },
  { dims: { B: 3, M: 4, P: 6, C: 5 } },
  { dims: { B: 32, M: 64, P: 196, C: 1 }, thorough: true },
];
