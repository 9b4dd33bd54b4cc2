import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import source from '../../../shaders/multiply_adds/forward.wgsl?raw';
import { lineLaunch, valueKernel } from '../lib/elementwise.js';
import { rowValues } from '../lib/row-layout.js';
import { overElements } from '../lib/native-calls.js';

const kernelOf = valueKernel('multiply_adds/forward', [source], { x: 'read', y: 'read_write' });

export * as reference from './reference.js';

export const plan: Planners = {
  forward: ({ dims, attributes }) => {
    const { type, VEC4, COLUMNS: VALUES } = rowValues(dims.E);
    return [lineLaunch(kernelOf(type), VALUES, { VALUES, VEC4, ROUNDS: Number(attributes.rounds) })];
  },
};

export const native: NativePlanners = {
  forward: ({ dims: { E }, attributes }) => [
    overElements(
      'multiply_adds',
      ['x', 'y', Number(attributes.rounds), 0.75, 0.125],
      E,
      16 * Number(attributes.rounds),
    ),
  ],
};

export const cases: readonly OpCase[] = [
  { dims: { E: 1 }, attributes: { rounds: 1 } },
  { dims: { E: 67 }, attributes: { rounds: 3 } },
  { dims: { E: 516 } },
];
