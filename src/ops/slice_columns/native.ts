import { elementOf } from '../../plan/native.js';
import type { NativePlanner } from '../../plan/op.js';
import { copyRows, zeroUnless } from '../lib/native.js';

export const forward: NativePlanner = ({ dims: { R, C, M }, attributes }) => [
  copyRows({ of: 'y', width: M }, { of: elementOf('x', Number(attributes.start)), width: C }, R, M),
];

export const backward: NativePlanner = ({ dims: { R, C, M }, attributes, accumulate }) => {
  const adds = accumulate.includes('dx');
  const part = { of: elementOf('dx', Number(attributes.start)), width: C };
  return [...zeroUnless(adds, 'dx', R * C), copyRows(part, { of: 'dy', width: M }, R, M, adds)];
};
