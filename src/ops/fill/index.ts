import source from '../../../shaders/fill/forward.wgsl?raw';
import type { Launch } from '../../plan/kernel.js';
import { defineOp, output } from '../../plan/op.js';
import { valueKernel, valueLaunch } from '../lib/elementwise.js';
import { rowValues } from '../lib/rows.js';
import * as native from './native.js';
import * as reference from './reference.js';

const kernel = valueKernel('fill/forward', [source], { y: 'read_write' });

/** Sets `count` elements of a tensor to a number: one launch. */
export function launchFill(tensor: string, count: number, value: number): Launch {
  const values = rowValues(count);
  const constants = { VALUES: values.COLUMNS, FILL: value };
  return { ...valueLaunch(kernel, values, values.COLUMNS, constants, []), tensors: { y: tensor } };
}

export const fill = defineOp({
  name: 'fill',
  about:
    'Sets every element to the same number, such as 0 for an initial state: y = value. It reads ' +
    'nothing, so the call must give E, or the tensor y.',
  tensors: { y: output(['E'], { differentiable: false }) },
  attributes: { value: 0 },
  reference,
  plan: { forward: ({ dims: { E }, attributes }) => [launchFill('y', E, Number(attributes.value))] },
  native,
  cases: [{ dims: { E: 1 } }, { dims: { E: 67 }, attributes: { value: -1.5 } }, { dims: { E: 516 } }],
});
