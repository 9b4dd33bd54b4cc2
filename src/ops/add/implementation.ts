import type { OpCase, Planners } from '../../plan/op.js';
import backwardSource from '../../../shaders/add/backward.wgsl?raw';
import forwardSource from '../../../shaders/add/forward.wgsl?raw';
import { planElementwise, valueKernel } from '../lib/elementwise.js';

const forward = valueKernel('add/forward', [forwardSource], { a: 'read', b: 'read', y: 'read_write' });

const backward = valueKernel('add/backward', [backwardSource], {
  dy: 'read',
  da: 'read_write',
  db: 'read_write',
});

export * as native from './native.js';
export * as reference from './reference.js';

export const plan: Planners = {
  forward: planElementwise(forward),
  backward: planElementwise(backward),
};

export const cases: readonly OpCase[] = [
  { dims: { E: 1 } },
  { dims: { E: 67 } },
  { dims: { E: 516 } },
  { dims: { E: 65536 * 64 + 1 }, thorough: true },
];
