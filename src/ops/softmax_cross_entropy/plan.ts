import { lineGrid } from '../../plan/kernel.js';
import type { Planner } from '../../plan/op.js';
import { isSoftware, ROW_LANES, SOFTWARE_WORKGROUP } from '../rows.js';
import * as kernels from './kernels.js';

export const planForward: Planner = ({ dims: { R, V }, attributes, target }) => {
  const software = isSoftware(target);
  const WORKGROUP = software ? SOFTWARE_WORKGROUP : ROW_LANES;
  const grid = lineGrid(R, software ? WORKGROUP : 1);
  const { scale, gradient } = attributes;
  return [
    {
      kernel: software ? kernels.rowPerInvocation : kernels.rowPerWorkgroup,
      constants: { R, V, SCALE: Number(scale), GRADIENT: gradient === true, WORKGROUP, GRID_X: grid[0] },
      tensors: { logits: 'logits', targets: 'targets', loss: 'loss' },
      grid,
    },
  ];
};
