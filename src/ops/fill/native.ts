import type { NativePlanner } from '../../plan/op.js';
import { elementwise } from '../lib/native.js';

export const forward: NativePlanner = ({ dims: { E }, attributes }) => [
  elementwise('fill', 'y', 'y', 'y', E, { shift: Number(attributes.value) }),
];
