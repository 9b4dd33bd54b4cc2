import source from '../../../shaders/affine/forward.wgsl?raw';
import type { Launch } from '../../plan/kernel.js';
import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { PlanRequest } from '../../plan/planner.js';
import { lineLaunch, valueKernel } from '../lib/elementwise.js';
import { rowValues } from '../lib/row-layout.js';
import { elementwise } from '../lib/native-calls.js';

const kernelOf = valueKernel('affine/forward', [source], { x: 'read', y: 'read_write' });

/** Backward runs the same kernel on the gradients, without the shift. */
function launch(
  { dims, attributes, accumulate }: PlanRequest,
  x: string,
  y: string,
  shift: number,
): Launch[] {
  const { type, VEC4, COLUMNS: VALUES } = rowValues(dims.E);
  const SCALE = Number(attributes.scale);
  const constants = { VALUES, VEC4, SCALE, SHIFT: shift, ADD_Y: accumulate.length > 0 };
  return [{ ...lineLaunch(kernelOf(type), VALUES, constants), tensors: { x, y } }];
}

export * as reference from './reference.js';

export const plan: Planners = {
  forward: (request) => launch(request, 'x', 'y', Number(request.attributes.shift)),
  backward: (request) => launch(request, 'dy', 'dx', 0),
};

export const native: NativePlanners = {
  forward: ({ dims: { E }, attributes }) => [
    elementwise('affine', 'x', 'x', 'y', E, {
      scale: Number(attributes.scale),
      shift: Number(attributes.shift),
    }),
  ],
  backward: ({ dims: { E }, attributes, accumulate }) => [
    elementwise('affine', 'dy', 'dy', 'dx', E, {
      scale: Number(attributes.scale),
      accumulate: accumulate.includes('dx'),
    }),
  ],
};

export const cases: readonly OpCase[] = [
  { dims: { E: 1 }, attributes: { scale: -1, shift: 1 } },
  { dims: { E: 67 }, attributes: { scale: 0.5 } },
  { dims: { E: 516 }, attributes: { scale: 3, shift: -2.5 } },
  { dims: { E: 65536 * 64 + 1 }, attributes: { scale: 2 }, thorough: true },
];
