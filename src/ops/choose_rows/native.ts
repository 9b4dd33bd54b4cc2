import type { NativePlanner } from '../../plan/op.js';
import { overRows } from '../lib/native.js';

export const forward: NativePlanner = ({ dims: { T, N, C }, attributes }) => [
  overRows('choose_rows', ['a', 'b', 'lengths', 'y', Number(attributes.t), N, C, false], T * N, C),
];

/** da takes dy where the row continues, db where it has ended. */
export const backward: NativePlanner = ({ dims: { T, N, C }, attributes, has, accumulate }) =>
  [
    ['da', 'dy', 0],
    ['db', 0, 'dy'],
  ]
    .filter(([to]) => has(String(to)))
    .map(([to, on, off]) =>
      overRows(
        'choose_rows',
        [on, off, 'lengths', to, Number(attributes.t), N, C, accumulate.includes(String(to))],
        T * N,
        C,
      ),
    );
