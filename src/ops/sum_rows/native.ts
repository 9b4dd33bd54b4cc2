import type { NativePlanner } from '../../plan/op.js';
import { copyRows, nativeColumnSums } from '../lib/native.js';

export const forward: NativePlanner = ({ dims: { R, C } }) => [nativeColumnSums('x', C, 'y', C, R, false)];

/** Every row of dx is dy. */
export const backward: NativePlanner = ({ dims: { R, C } }) => [
  copyRows({ of: 'dx', width: C }, { of: 'dy', width: 0 }, R, C),
];
