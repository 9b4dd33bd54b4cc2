import type { NativePlanner } from '../../plan/op.js';
import { overRows } from '../lib/native.js';

export const forward: NativePlanner = ({ dims: { R, V } }) => [
  overRows('sample', ['logits', 'control', 'temperature', 'id', 'chosen', V], R, 40 * V),
];
