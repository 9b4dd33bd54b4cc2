import type { NativePlanner } from '../../plan/op.js';
import { elementwise } from '../lib/native.js';

export const forward: NativePlanner = ({ dims: { E }, attributes }) => [
  elementwise('affine', 'x', 'x', 'y', E, {
    scale: Number(attributes.scale),
    shift: Number(attributes.shift),
  }),
];

export const backward: NativePlanner = ({ dims: { E }, attributes, accumulate }) => [
  elementwise('affine', 'dy', 'dy', 'dx', E, {
    scale: Number(attributes.scale),
    accumulate: accumulate.includes('dx'),
  }),
];
