import type { NativePlanner } from '../../plan/op.js';
import { overRows } from '../lib/native.js';

/** One thread computes it: a few thousand additions. */
export const forward: NativePlanner = ({ dims: { B, R }, attributes }) => [
  overRows('step_summary', ['partial', 'loss', 'report', B, R, Number(attributes.clipNorm)], 1, B + R),
];
