import type { NativePlanner } from '../../plan/op.js';
import { overRows } from '../lib/native.js';

export const forward: NativePlanner = ({ dims: { N, I, J, C, Y, X }, attributes }) => {
  const [size, stride, padding] = [attributes.size, attributes.stride, attributes.padding].map(Number);
  return [
    overRows(
      'max_pool',
      ['x', 'y', 'place', I, J, C, size, Y, X, stride, padding],
      N * Y * X,
      C * size * size,
    ),
  ];
};

/** Threads split the images, so that overlapping windows are added by one thread. */
export const backward: NativePlanner = ({ dims: { N, I, J, C, Y, X }, accumulate }) => [
  overRows(
    'max_pool_backward',
    ['place', 'dy', 'dx', I * J, C, Y * X, accumulate.includes('dx')],
    N,
    (I * J + 2 * Y * X) * C,
  ),
];
