import { elementOf } from '../../plan/native.js';
import type { NativePlanner } from '../../plan/op.js';
import { copyRows, zeroUnless } from '../lib/native.js';

export const forward: NativePlanner = ({ dims: { S, C }, attributes }) => [
  copyRows({ of: 'y', width: C }, { of: elementOf('x', Number(attributes.start) * C), width: C }, S, C),
];

export const backward: NativePlanner = ({ dims: { R, S, C }, attributes, accumulate }) => {
  const adds = accumulate.includes('dx');
  const part = { of: elementOf('dx', Number(attributes.start) * C), width: C };
  return [...zeroUnless(adds, 'dx', R * C), copyRows(part, { of: 'dy', width: C }, S, C, adds)];
};
