import type { NativePlanner } from '../../plan/op.js';
import { overRows } from '../lib/native.js';

export const forward: NativePlanner = ({ dims: { R, C } }) => [
  overRows('scale_rows', ['x', 'scale', 'y', C], R, C),
];

export const backward: NativePlanner = ({ dims: { R, C } }) => [
  overRows('scale_rows', ['dy', 'scale', 'dx', C], R, C),
];
