import type { NativePlanners, OpCase, Planners } from '../../plan/op.js';
import backwardSource from '../../../shaders/relu/backward.wgsl?raw';
import forwardSource from '../../../shaders/relu/forward.wgsl?raw';
import { planElementwise, valueKernel } from '../lib/elementwise.js';
import { forwardElements, slopeElements } from '../lib/native-calls.js';

const forward = valueKernel('relu/forward', [forwardSource], { x: 'read', y: 'read_write' });

const backward = valueKernel('relu/backward', [backwardSource], {
  y: 'read',
  dy: 'read',
  dx: 'read_write',
});

export * as reference from './reference.js';

export const plan: Planners = {
  forward: planElementwise(forward),
  backward: planElementwise(backward),
};

export const native: NativePlanners = {
  forward: forwardElements('relu', 'x'),
  backward: slopeElements('reluSlope'),
};

export const cases: readonly OpCase[] = [
  { dims: { E: 1 } },
  { dims: { E: 67 } },
  { dims: { E: 4096 }, fill: { x: { scale: 3 } } },
  { dims: { E: 65536 * 64 + 1 }, thorough: true },
];
