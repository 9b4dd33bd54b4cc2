import type { Planner } from '../../plan/op.js';
import { reductionWorkgroup } from '../reduction.js';
import * as kernels from './kernels.js';

export const forward: Planner = ({ dims, attributes, target }) => {
  const { B, R } = dims;
  const { workgroup, levels } = reductionWorkgroup(target, 16);
  const constants = {
    B,
    R,
    LOSS_ROUNDS: Math.ceil(R / workgroup),
    PARTIAL_ROUNDS: Math.ceil(B / workgroup),
    CLIP_NORM: Number(attributes.clipNorm),
    WORKGROUP: workgroup,
    LEVELS: levels,
  };
  return [
    {
      kernel: kernels.forward,
      constants,
      tensors: { partial: 'partial', loss: 'loss', report: 'report' },
      grid: [1, 1, 1],
    },
  ];
};
