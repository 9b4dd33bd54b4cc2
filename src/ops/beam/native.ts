import type { NativePlanner } from '../../plan/op.js';
import { overRows } from '../lib/native.js';

export const forward: NativePlanner = ({ dims: { N, B, V }, attributes }) => [
  overRows(
    'beam',
    [
      ...['logits', 'ids', 'forced', 'score', 'id', 'parent', 'chosen', 'total'],
      ...[N, B, V, Number(attributes.end)],
    ],
    N,
    B * (16 * V + 8 * B * B),
  ),
];
