import type { NativePlanner } from '../../plan/op.js';
import { overRows } from '../lib/native.js';

/** All V count in every row: there are no lengths. */
export const forward: NativePlanner = ({ dims: { R, V } }) => [
  overRows('softmax_forward', ['x', 'y', V, 0, 1], R, 16 * V),
];

export const backward: NativePlanner = ({ dims: { R, V } }) => [
  overRows('softmax_backward', ['y', 'dy', 'dx', V, 0, 1], R, 8 * V),
];
