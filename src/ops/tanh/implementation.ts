import activations from '../../../shaders/lib/activations.wgsl?raw';
import backwardSource from '../../../shaders/tanh/backward.wgsl?raw';
import forwardSource from '../../../shaders/tanh/forward.wgsl?raw';
import type { OpCase } from '../../plan/op-case.js';
import { activation } from '../lib/activation.js';

export * as reference from './reference.js';

export const { plan, native } = activation('tanh', [activations, forwardSource], backwardSource);

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
