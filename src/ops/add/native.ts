import type { NativePlanner } from '../../plan/op.js';
import { copyRows, forwardElements } from '../lib/native.js';

export const forward = forwardElements('add', 'a', 'b');

export const backward: NativePlanner = ({ dims: { E }, has, accumulate }) =>
  ['da', 'db']
    .filter(has)
    .map((to) => copyRows({ of: to, width: 64 }, { of: 'dy', width: 64 }, 1, E, accumulate.includes(to)));
