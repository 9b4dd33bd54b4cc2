import type { NativePlanner } from '../../plan/op.js';
import { overRows } from '../lib/native-calls.js';

export const topK: { readonly forward: NativePlanner } = {
  forward: ({ dims: { R, V, K } }) => [overRows('top_k', ['x', 'values', 'ids', V, K], R, 8 * V)],
};

export const argmax: { readonly forward: NativePlanner } = {
  forward: ({ dims: { R, V } }) => [overRows('top_k', ['x', 0, 'ids', V, 1], R, 8 * V)],
};
