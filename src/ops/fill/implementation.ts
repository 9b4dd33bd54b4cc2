import type { NativePlanners, OpCase, Planners } from '../../plan/op.js';
import { launchFill } from './launch.js';
import { elementwise } from '../lib/native-calls.js';

export * as reference from './reference.js';

export const plan: Planners = {
  forward: ({ dims: { E }, attributes }) => [launchFill('y', E, Number(attributes.value))],
};

export const native: NativePlanners = {
  forward: ({ dims: { E }, attributes }) => [
    elementwise('fill', 'y', 'y', 'y', E, { shift: Number(attributes.value) }),
  ],
};

export const cases: readonly OpCase[] = [
  { dims: { E: 1 } },
  { dims: { E: 67 }, attributes: { value: -1.5 } },
  { dims: { E: 516 } },
];
