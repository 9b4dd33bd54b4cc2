import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import backwardSource from '../../../shaders/subtract/backward.wgsl?raw';
import forwardSource from '../../../shaders/subtract/forward.wgsl?raw';
import { planElementwise, valueKernel } from '../lib/elementwise.js';
import { elementwise, forwardElements } from '../lib/native-calls.js';

const forward = valueKernel('subtract/forward', [forwardSource], { a: 'read', b: 'read', y: 'read_write' });

const backward = valueKernel('subtract/backward', [backwardSource], {
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
  forward: forwardElements('subtract', 'a', 'b'),
  backward: ({ dims: { E }, has, accumulate }) =>
    (
      [
        ['da', 1],
        ['db', -1],
      ] as const
    )
      .filter(([to]) => has(to))
      .map(([to, scale]) =>
        elementwise('affine', 'dy', 'dy', to, E, { scale, shift: 0, accumulate: accumulate.includes(to) }),
      ),
};

export const cases: readonly OpCase[] = [
  { dims: { E: 1 } },
  { dims: { E: 67 } },
  { dims: { E: 516 } },
  { dims: { E: 65536 * 64 + 1 }, thorough: true },
];
