import type { NativePlanner } from '../../plan/op.js';
import { overRows, zeroUnless } from '../lib/native.js';

export const forward: NativePlanner = ({ dims: { T, N, C } }) => [
  overRows('last_steps', ['x', 'lengths', 'y', false, false, T, N, C], N, C),
];

export const backward: NativePlanner = ({ dims: { T, N, C }, accumulate }) => {
  const adds = accumulate.includes('dx');
  return [
    ...zeroUnless(adds, 'dx', T * N * C),
    overRows('last_steps', ['dx', 'lengths', 'dy', true, adds, T, N, C], N, C),
  ];
};
