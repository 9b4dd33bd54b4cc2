import type { NativePlanner } from '../../plan/op.js';
import { elementwise } from '../lib/native.js';

export const forward: NativePlanner = ({ dims: { E } }) => [elementwise('add', 'sum', 'x', 'sum', E)];
