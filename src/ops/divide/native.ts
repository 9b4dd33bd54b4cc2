import type { NativePlanner } from '../../plan/op.js';
import { elementwise, forwardElements, overElements } from '../lib/native.js';

export const forward = forwardElements('divide', 'a', 'b');

export const backward: NativePlanner = ({ dims: { E }, has, accumulate }) => [
  ...(has('da')
    ? [elementwise('divide', 'dy', 'b', 'da', E, { accumulate: accumulate.includes('da') })]
    : []),
  ...(has('db')
    ? [overElements('divisor_gradient', ['dy', 'y', 'b', 'db', accumulate.includes('db')], E, 4)]
    : []),
];
