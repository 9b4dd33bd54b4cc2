import type { NativePlanner } from '../../plan/op.js';
import { elementwise, forwardElements } from '../lib/native.js';

export const forward = forwardElements('subtract', 'a', 'b');

export const backward: NativePlanner = ({ dims: { E }, has, accumulate }) =>
  (
    [
      ['da', 1],
      ['db', -1],
    ] as const
  )
    .filter(([to]) => has(to))
    .map(([to, scale]) =>
      elementwise('affine', 'dy', 'dy', to, E, { scale, shift: 0, accumulate: accumulate.includes(to) }),
    );
