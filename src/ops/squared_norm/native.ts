import type { NativePlanner } from '../../plan/op.js';
import { overRows } from '../lib/native.js';

export const forward: NativePlanner = ({ dims: { E, B } }) => {
  const span = Math.ceil(E / B / 64) * 64;
  return [overRows('squared_norm', ['x', 'partial', E, span], B, 2 * span)];
};
