import backwardSource from '../../../shaders/relu/backward.wgsl?raw';
import forwardSource from '../../../shaders/relu/forward.wgsl?raw';
import type { OpCase } from '../../plan/op-case.js';
import { activation } from '../lib/activation.js';

export * as reference from './reference.js';

export const { plan, native } = activation('relu', [forwardSource], backwardSource);

export const cases: readonly OpCase[] = [
  { dims: { E: 1 } },
  { dims: { E: 67 } },
  { dims: { E: 4096 }, fill: { x: { scale: 3 } } },
  { dims: { E: 65536 * 64 + 1 }, thorough: true },
];
