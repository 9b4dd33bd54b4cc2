import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import backwardSource from '../../../shaders/add/backward.wgsl?raw';
import forwardSource from '../../../shaders/add/forward.wgsl?raw';
import { planElementwise, valueKernel } from '../lib/elementwise.js';
import { copyRows, forwardElements } from '../lib/native-calls.js';

const forward = valueKernel('add/forward', [forwardSource], { a: 'read', b: 'read', y: 'read_write' });

const backward = valueKernel('add/backward', [backwardSource], {
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
  forward: forwardElements('add', 'a', 'b'),
  backward: ({ dims: { E }, has, accumulate }) =>
    ['da', 'db']
      .filter(has)
      .map((to) => copyRows({ of: to, width: 64 }, { of: 'dy', width: 64 }, 1, E, accumulate.includes(to))),
};

export const cases: readonly OpCase[] = [
  { dims: { E: 1 } },
  { dims: { E: 67 } },
  { dims: { E: 516 } },
  { dims: { E: 65536 * 64 + 1 }, thorough: true },
];
