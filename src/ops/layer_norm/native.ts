import type { NativePlanner } from '../../plan/planner.js';
import { nativeColumnSums, overRows } from '../lib/native-calls.js';

export const forward: NativePlanner = ({ dims: { R, C }, attributes }) => [
  overRows(
    'layer_norm_forward',
    ['x', 'weight', 'bias', 'y', 'statistics', C, Number(attributes.eps)],
    R,
    8 * C,
  ),
];

export const backward: NativePlanner = ({ dims: { R, C }, has, accumulate }) => {
  const adds = (name: string): boolean => accumulate.includes(name);
  return [
    ...(has('dx')
      ? [overRows('layer_norm_backward', ['x', 'weight', 'dy', 'statistics', 'dx', C, adds('dx')], R, 12 * C)]
      : []),
    ...(has('dweight')
      ? [
          {
            kernel: 'layer_norm_weight',
            arguments: ['x', 'dy', 'statistics', 'dweight', adds('dweight'), R, C],
            split: { count: C, quantum: 16 },
            work: 4 * R * C,
          },
        ]
      : []),
    ...(has('dbias') ? [nativeColumnSums('dy', C, 'dbias', C, R, adds('dbias'))] : []),
  ];
};
