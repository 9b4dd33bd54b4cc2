import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import { planBackward, planForward } from './plan.js';
import { nativeColumnSums, overRows } from '../lib/native-calls.js';

export * as reference from './reference.js';

export const plan: Planners = { forward: planForward, backward: planBackward };

export const native: NativePlanners = {
  forward: ({ dims: { R, V, C } }) => [
    overRows('gather_forward', ['ids', 'weight', 'bias', 'y', V, C], R, C),
  ],
  /** Threads split the columns, so that all rows of one id are added by one thread, in their order. */
  backward: ({ dims: { R, V, C }, has, accumulate }) => [
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
  ],
};

export const cases: readonly OpCase[] = [
  { dims: { R: 1, V: 1, C: 1 } },
  { dims: { R: 3, V: 2, C: 4 }, fill: { ids: { values: [1, 1, 1] } }, without: ['bias'] },
  // Ids of 5 and more are unknown.
  { dims: { R: 37, V: 5, C: 7 }, fill: { ids: { below: 8 } } },
  { dims: { R: 67, V: 131, C: 20 }, fill: { ids: { below: 131 } }, without: ['bias'] },
  { dims: { R: 25, V: 65, C: 100 }, fill: { ids: { below: 65 } } },
  { dims: { R: 331, V: 40, C: 36 }, fill: { ids: { below: 41 } } },
  { dims: { R: 2049, V: 9, C: 5 }, fill: { ids: { below: 9 } } },
  { dims: { R: 1120, V: 1465, C: 256 }, fill: { ids: { below: 1465 } }, thorough: true },
  { dims: { R: 12800, V: 3000, C: 128 }, fill: { ids: { below: 3001 } }, thorough: true },
];
