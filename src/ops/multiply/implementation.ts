import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import backwardSource from '../../../shaders/multiply/backward.wgsl?raw';
import forwardSource from '../../../shaders/multiply/forward.wgsl?raw';
import { planElementwise, valueKernel } from '../lib/elementwise.js';
import { elementwise, forwardElements } from '../lib/native-calls.js';

const forward = valueKernel('multiply/forward', [forwardSource], {
  a: 'read',
  b: 'read',
  y: 'read_write',
});

const backward = valueKernel('multiply/backward', [backwardSource], {
  a: 'read',
  b: 'read',
  dy: 'read',
  da: 'read_write',
  db: 'read_write',
});

export * as reference from './reference.js';

export const plan: Planners = {
  forward: planElementwise(forward),
  backward: planElementwise(backward),
};

export const native: NativePlanners = {
  forward: forwardElements('multiply', 'a', 'b'),
  backward: ({ dims: { E }, has, accumulate }) =>
    [
      ['da', 'b'],
      ['db', 'a'],
    ]
      .filter(([to]) => has(to))
      .map(([to, factor]) =>
        elementwise('multiply', 'dy', factor, to, E, { accumulate: accumulate.includes(to) }),
      ),
};

export const cases: readonly OpCase[] = [
  { dims: { E: 1 } },
  { dims: { E: 67 } },
  { dims: { E: 516 } },
  { dims: { E: 65536 * 64 + 1 }, thorough: true },
];
