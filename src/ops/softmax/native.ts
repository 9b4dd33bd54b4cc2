import type { NativePlanner } from '../../plan/op.js';
import { overRows } from '../lib/native.js';

/** The kernel also serves `masked_softmax`; here there are no lengths, so all V columns count. */
export const forward: NativePlanner = ({ dims: { R, V } }) => [
  overRows('softmax_forward', ['x', 'y', V, 0, 1], R, 16 * V),
];

export const backward: NativePlanner = ({ dims: { R, V } }) => [
  overRows('softmax_backward', ['y', 'dy', 'dx', V, 0, 1], R, 8 * V),
];
