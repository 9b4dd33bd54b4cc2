import type { Planner } from '../../plan/op.js';
import { planRows } from '../rows.js';
import { rowPerInvocation, rowPerWorkgroup } from './kernels.js';

export const planForward: Planner = ({ dims: { R, V }, attributes, target }) => {
  const { software, WORKGROUP, grid } = planRows(R, target);
  return [
    {
      kernel: software ? rowPerInvocation : rowPerWorkgroup,
      constants: {
        R,
        V,
        SCALE: Number(attributes.scale),
        GRADIENT: attributes.gradient === true,
        WORKGROUP,
        GRID_X: grid[0],
      },
      tensors: { logits: 'logits', targets: 'targets', loss: 'loss' },
      grid,
    },
  ];
};
