import type { NativePlanners, OpCase, Planners } from '../../plan/op.js';
import activations from '../../../shaders/lib/activations.wgsl?raw';
import backwardSource from '../../../shaders/tanh/backward.wgsl?raw';
import forwardSource from '../../../shaders/tanh/forward.wgsl?raw';
import { planElementwise, valueKernel } from '../lib/elementwise.js';
import { forwardElements, slopeElements } from '../lib/native-calls.js';

const forward = valueKernel('tanh/forward', [activations, forwardSource], {
  x: 'read',
  y: 'read_write',
});

const backward = valueKernel('tanh/backward', [backwardSource], {
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
  forward: forwardElements('tanh', 'x'),
  backward: slopeElements('tanhSlope'),
};

export const cases: readonly OpCase[] = [
  { dims: { E: 1 } },
  { dims: { E: 67 } },
  { dims: { E: 4096 }, fill: { x: { scale: 3 } } },
  // Large arguments: a tanh from exponentials that overflow would return NaN here.
  { dims: { E: 130 }, fill: { x: { scale: 200 } } },
  { dims: { E: 132 }, fill: { x: { scale: 200 } } },
  { dims: { E: 130 }, fill: { x: { scale: 1e-3 } } },
  { dims: { E: 65536 * 64 + 1 }, thorough: true },
];
