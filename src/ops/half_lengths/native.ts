import type { NativePlanner } from '../../plan/op.js';
import { overRows } from '../lib/native.js';

export const forward: NativePlanner = ({ dims: { N } }) => [overRows('half_lengths', ['x', 'y'], N, 1)];
