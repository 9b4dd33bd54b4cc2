import type { NativePlanner } from '../../plan/op.js';
import { overRows } from '../lib/native.js';

export const forward: NativePlanner = ({ dims: { B, M, P, C } }) => [
  overRows('permute', ['x', 'y', M, P, C, false], B * M * P, C),
];

export const backward: NativePlanner = ({ dims: { B, M, P, C }, accumulate }) => [
  overRows('permute', ['dy', 'dx', P, M, C, accumulate.includes('dx')], B * M * P, C),
];
