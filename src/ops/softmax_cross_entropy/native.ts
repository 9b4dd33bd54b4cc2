import type { NativePlanner } from '../../plan/op.js';
import { overRows } from '../lib/native.js';

/** Label smoothing and class weights have no kernel. */
export const forward: NativePlanner = ({ dims: { R, V }, attributes, has }) => {
  if (Number(attributes.labelSmoothing) > 0 || has('class_weights')) return undefined;
  const scale = Number(attributes.scale);
  return [
    overRows(
      'softmax_cross_entropy',
      ['logits', 'targets', 'loss', V, scale, has('count') ? 'count' : 0, attributes.gradient === true],
      R,
      16 * V,
    ),
  ];
};
