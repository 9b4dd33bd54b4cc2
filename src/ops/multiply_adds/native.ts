import type { NativePlanner } from '../../plan/op.js';
import { overElements } from '../lib/native.js';

export const forward: NativePlanner = ({ dims: { E }, attributes }) => [
  overElements(
    'multiply_adds',
    ['x', 'y', Number(attributes.rounds), 0.75, 0.125],
    E,
    16 * Number(attributes.rounds),
  ),
];
