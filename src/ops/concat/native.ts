import { elementOf } from '../../plan/native.js';
import type { NativePlanner } from '../../plan/planner.js';
import { copyRows } from '../lib/native-calls.js';

export const forward: NativePlanner = ({ dims: { R, M, P } }) => [
  copyRows({ of: 'y', width: M + P }, { of: 'a', width: M }, R, M),
  copyRows({ of: elementOf('y', M), width: M + P }, { of: 'b', width: P }, R, P),
];

export const backward: NativePlanner = ({ dims: { R, M, P }, has, accumulate }) => [
  ...(has('da')
    ? [copyRows({ of: 'da', width: M }, { of: 'dy', width: M + P }, R, M, accumulate.includes('da'))]
    : []),
  ...(has('db')
    ? [
        copyRows(
          { of: 'db', width: P },
          { of: elementOf('dy', M), width: M + P },
          R,
          P,
          accumulate.includes('db'),
        ),
      ]
    : []),
];
