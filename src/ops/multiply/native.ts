import type { NativePlanner } from '../../plan/op.js';
import { elementwise, forwardElements } from '../lib/native.js';

export const forward = forwardElements('multiply', 'a', 'b');

export const backward: NativePlanner = ({ dims: { E }, has, accumulate }) =>
  [
    ['da', 'b'],
    ['db', 'a'],
  ]
    .filter(([to]) => has(to))
    .map(([to, factor]) =>
      elementwise('multiply', 'dy', factor, to, E, { accumulate: accumulate.includes(to) }),
    );
