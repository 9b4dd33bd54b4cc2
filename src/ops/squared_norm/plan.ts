import { ShapeError } from '../../core/errors.js';
import type { Planner } from '../../plan/op.js';
import { alignElements } from '../../plan/tensor.js';
import { checkArena } from '../arena.js';
import { reductionWorkgroup } from '../reduction.js';
import * as kernels from './kernels.js';

/**
 * Elements of a block: enough work for one workgroup, few enough that its sum is accurate in single
 * precision.
 */
const BLOCK = 4096;
const MOST_BLOCKS = 1024;

/**
 * The B that suits a tensor of E elements. A function of E alone, so that results do not depend on
 * the device's size.
 */
export function normBlocks(E: number): number {
  return Math.min(MOST_BLOCKS, Math.max(1, Math.ceil(E / BLOCK)));
}

export const forward: Planner = ({ dims, target }) => {
  const { E, B } = dims;
  checkArena('squared_norm', E);
  if (B > 65535)
    throw new ShapeError(
      `squared_norm: B must be at most 65535, the workgroups of one launch, got ${B}. normBlocks(E) ` +
        `gives ${normBlocks(E)}.`,
    );
  const span = alignElements(Math.ceil(E / B)) / 4;
  const { workgroup, levels } = reductionWorkgroup(target, 4);
  const constants = {
    FOURS: E / 4,
    SPAN: span,
    ROUNDS: Math.ceil(span / workgroup),
    WORKGROUP: workgroup,
    LEVELS: levels,
  };
  return [{ kernel: kernels.forward, constants, tensors: { x: 'x', partial: 'partial' }, grid: [B, 1, 1] }];
};
