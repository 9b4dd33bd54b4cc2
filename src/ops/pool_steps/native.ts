import type { NativePlanner } from '../../plan/op.js';
import { overRows } from '../lib/native-calls.js';

export const mean: { readonly forward: NativePlanner; readonly backward: NativePlanner } = {
  forward: ({ dims: { T, N, C } }) => [overRows('mean_steps', ['x', 'lengths', 'y', T, N, C], N, T * C)],
  backward: ({ dims: { T, N, C }, accumulate }) => [
    overRows('mean_steps_backward', ['lengths', 'dy', 'dx', T, N, C, accumulate.includes('dx')], T * N, C),
  ],
};

export const max: { readonly forward: NativePlanner; readonly backward: NativePlanner } = {
  forward: ({ dims: { T, N, C } }) => [
    overRows('max_steps', ['x', 'lengths', 'y', 'place', T, N, C], N, 2 * T * C),
  ],
  backward: ({ dims: { T, N, C }, accumulate }) => [
    overRows('max_steps_backward', ['place', 'dy', 'dx', N, C, accumulate.includes('dx')], T * N, 2 * C),
  ],
};
