import source from '../../../shaders/fill/forward.wgsl?raw';
import type { Launch } from '../../plan/kernel.js';
import { valueKernel, valueLaunch } from '../lib/elementwise.js';
import { rowValues } from '../lib/row-layout.js';

const kernel = valueKernel('fill/forward', [source], { y: 'read_write' });

/** Sets `count` elements of a tensor to a number: one launch. */
export function launchFill(tensor: string, count: number, value: number): Launch {
  const values = rowValues(count);
  const constants = { VALUES: values.COLUMNS, FILL: value };
  return { ...valueLaunch(kernel, values, values.COLUMNS, constants, []), tensors: { y: tensor } };
}
