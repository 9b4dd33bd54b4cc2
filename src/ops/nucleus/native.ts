import type { NativePlanner } from '../../plan/op.js';
import { overRows } from '../lib/native.js';

export const forward: NativePlanner = ({ dims: { R, V } }) => [
  overRows('nucleus', ['x', 'limits', 'y', V], R, 40 * V),
];
