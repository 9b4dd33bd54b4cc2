import type { NativePlanner } from '../../plan/op.js';
import { overRows } from '../lib/native.js';

export const forward: NativePlanner = ({ dims: { R, V } }) => [
  overRows('softmax_forward', ['x', 'y', V], R, 16 * V),
];

export const backward: NativePlanner = ({ dims: { R, V } }) => [
  overRows('softmax_backward', ['y', 'dy', 'dx', V], R, 8 * V),
];
