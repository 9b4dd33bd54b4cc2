import type { NativePlanner } from '../../plan/op.js';
import { nativeColumnSums, overRows } from '../lib/native.js';

export const forward: NativePlanner = ({ dims: { R, V, C } }) => [
  overRows('gather_forward', ['ids', 'weight', 'bias', 'y', V, C], R, C),
];

/** Threads split the columns, so that all rows of one id are added by one thread, in their order. */
export const backward: NativePlanner = ({ dims: { R, V, C }, has, accumulate }) => [
  ...(has('dweight')
    ? [
        {
          kernel: 'gather_backward',
          arguments: ['ids', 'dy', 'dweight', accumulate.includes('dweight'), R, V, C],
          split: { count: C, quantum: 16 },
          work: R * C,
        },
      ]
    : []),
  ...(has('dbias') ? [nativeColumnSums('dy', C, 'dbias', C, R, accumulate.includes('dbias'))] : []),
];
