import type { NativePlanner } from '../../plan/op.js';
import { copyRows, nativeColumnSums, overRows } from '../lib/native.js';

export const forward: NativePlanner = ({ dims: { R, C } }) => [overRows('add_row', ['x', 'b', 'y', C], R, C)];

export const backward: NativePlanner = ({ dims: { R, C }, has, accumulate }) => [
  ...(has('dx')
    ? [copyRows({ of: 'dx', width: C }, { of: 'dy', width: C }, R, C, accumulate.includes('dx'))]
    : []),
  ...(has('db') ? [nativeColumnSums('dy', C, 'db', C, R, accumulate.includes('db'))] : []),
];
