import index from '../../shaders/lib/index.wgsl?raw';
import lanes from '../../shaders/lib/row_lanes.wgsl?raw';
import reduction from '../../shaders/lib/workgroup_reduction.wgsl?raw';
import type { Constants, Launch } from '../plan/kernel.js';
import type { PlanTarget } from '../plan/op.js';
import { planRows } from './rows.js';

/**
 * How a kernel that reduces rows runs, written once for both kinds of adapters: a row to each
 * invocation on a software adapter, to each workgroup on a GPU (shaders/lib/row_lanes.wgsl).
 */
export interface RowLanes {
  /** What comes before the kernel's own source. */
  readonly sources: readonly string[];
  readonly constants: Constants;
  readonly grid: Launch['grid'];
}

/** Sources, constants and grid for a kernel over `rows` rows. */
export function rowLanes(rows: number, target: PlanTarget): RowLanes {
  const { software, WORKGROUP, grid } = planRows(rows, target);
  return {
    sources: [software ? index : reduction, lanes],
    constants: { R: rows, ROW_PER_WORKGROUP: !software, WORKGROUP, GRID_X: grid[0] },
    grid,
  };
}
