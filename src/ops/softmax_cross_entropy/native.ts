import type { NativePlanner } from '../../plan/op.js';
import { overRows } from '../lib/native.js';

export const forward: NativePlanner = ({ dims: { R, V }, attributes }) => [
  overRows(
    'softmax_cross_entropy',
    [
      ...['logits', 'targets', 'loss', V, Number(attributes.scale), 'count', 'class_weights'],
      ...[Number(attributes.labelSmoothing), attributes.gradient === true],
    ],
    R,
    16 * V,
  ),
];
