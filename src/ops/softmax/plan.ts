import type { Planner } from '../../plan/op.js';
import { planRows } from '../rows.js';
import { rowPerInvocation, rowPerWorkgroup } from './kernels.js';

export const planForward: Planner = ({ dims, target }) => {
  const { software, WORKGROUP, grid } = planRows(dims.R, target);
  const kernel = (software ? rowPerInvocation : rowPerWorkgroup).forward;
  return [
    {
      kernel,
      constants: { R: dims.R, V: dims.V, WORKGROUP, GRID_X: grid[0] },
      tensors: { x: 'x', y: 'y' },
      grid,
    },
  ];
};

export const planBackward: Planner = ({ dims, target }) => {
  const { software, WORKGROUP, grid } = planRows(dims.R, target);
  const kernel = (software ? rowPerInvocation : rowPerWorkgroup).backward;
  return [
    {
      kernel,
      constants: { R: dims.R, V: dims.V, WORKGROUP, GRID_X: grid[0] },
      tensors: { y: 'y', dy: 'dy', dx: 'dx' },
      grid,
    },
  ];
};
