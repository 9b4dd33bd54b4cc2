import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import backwardSource from '../../../shaders/divide/backward.wgsl?raw';
import forwardSource from '../../../shaders/divide/forward.wgsl?raw';
import { planElementwise, valueKernel } from '../lib/elementwise.js';
import { elementwise, forwardElements, overElements } from '../lib/native-calls.js';

const forward = valueKernel('divide/forward', [forwardSource], {
  a: 'read',
  b: 'read',
  y: 'read_write',
});

const backward = valueKernel('divide/backward', [backwardSource], {
  y: 'read',
  b: 'read',
  dy: 'read',
  da: 'read_write',
  db: 'read_write',
});

/** Divisors of both signs, away from zero, so that a division does not enlarge errors much. */
const fill = { b: { values: [0.7, -1.3, 2, 0.5, -3.1] } };

export * as reference from './reference.js';

export const plan: Planners = {
  forward: planElementwise(forward),
  backward: planElementwise(backward),
};

export const native: NativePlanners = {
  forward: forwardElements('divide', 'a', 'b'),
  backward: ({ dims: { E }, has, accumulate }) => [
    ...(has('da')
      ? [elementwise('divide', 'dy', 'b', 'da', E, { accumulate: accumulate.includes('da') })]
      : []),
    ...(has('db')
      ? [overElements('divisor_gradient', ['dy', 'y', 'b', 'db', accumulate.includes('db')], E, 4)]
      : []),
  ],
};

export const cases: readonly OpCase[] = [
  { dims: { E: 1 }, fill },
  { dims: { E: 67 }, fill },
  { dims: { E: 516 }, fill },
  { dims: { E: 65536 * 64 + 1 }, fill, thorough: true },
];
