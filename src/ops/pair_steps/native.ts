import type { NativePlanner } from '../../plan/op.js';
import { overRows } from '../lib/native.js';

export const forward: NativePlanner = ({ dims: { T, N, C, S } }) => [
  overRows('pair_steps', ['x', 'y', T, N, C], S * N, 2 * C),
];

export const backward: NativePlanner = ({ dims: { T, N, C }, accumulate }) => [
  overRows('pair_steps_backward', ['dy', 'dx', N, C, accumulate.includes('dx')], T * N, C),
];
