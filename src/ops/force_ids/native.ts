import type { NativePlanner } from '../../plan/op.js';
import { overElements } from '../lib/native.js';

export const forward: NativePlanner = ({ dims: { R } }) => [
  overElements('force_ids', ['forced', 'id', 'chosen'], R),
];
