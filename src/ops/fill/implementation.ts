import source from '../../../shaders/fill/forward.wgsl?raw';
import type { Launch } from '../../plan/kernel.js';
import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import { valueKernel, valueLaunch } from '../lib/elementwise.js';
import { elementwise } from '../lib/native-calls.js';
import { rowValues } from '../lib/row-layout.js';

const kernel = valueKernel('fill/forward', [source], { y: 'read_write' });

/** Sets `count` elements of a tensor to a number: one launch. */
export function launchFill(tensor: string, count: number, value: number): Launch {
  const values = rowValues(count);
  const constants = { VALUES: values.COLUMNS, FILL: value };
  return { ...valueLaunch(kernel, values, values.COLUMNS, constants, []), tensors: { y: tensor } };
}

export * as reference from './reference.js';

export const plan: Planners = {
  forward: ({ dims: { E }, attributes }) => [launchFill('y', E, Number(attributes.value))],
};

export const native: NativePlanners = {
  forward: ({ dims: { E }, attributes }) => [
    elementwise('fill', 'y', 'y', 'y', E, { shift: Number(attributes.value) }),
  ],
};

export const cases: readonly OpCase[] = [
  { dims: { E: 1 } },
  { dims: { E: 67 }, attributes: { value: -1.5 } },
  { dims: { E: 516 } },
];
