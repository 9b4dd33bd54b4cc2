import type { Planner } from '../../plan/op.js';
import { elementwiseLaunch } from '../elementwise.js';
import * as kernels from './kernels.js';

export const planForward: Planner = ({ dims }) => [elementwiseLaunch(kernels.forward, dims, { x: 'x', y: 'y' })];

export const planBackward: Planner = ({ dims }) => [elementwiseLaunch(kernels.backward, dims, { y: 'y', dy: 'dy', dx: 'dx' })];
