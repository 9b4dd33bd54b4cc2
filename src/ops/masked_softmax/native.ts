import type { NativePlanner } from '../../plan/op.js';
import { overRows } from '../lib/native.js';

export const forward: NativePlanner = ({ dims: { T, N, S } }) => [
  overRows('softmax_forward', ['x', 'y', S, 'lengths', N], T * N, 16 * S),
];

export const backward: NativePlanner = ({ dims: { T, N, S } }) => [
  overRows('softmax_backward', ['y', 'dy', 'dx', S, 'lengths', N], T * N, 8 * S),
];
