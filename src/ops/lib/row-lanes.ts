import index from '../../../shaders/lib/index.wgsl?raw';
import lanes from '../../../shaders/lib/row_lanes.wgsl?raw';
import reduction from '../../../shaders/lib/workgroup_reduction.wgsl?raw';
import type { Constants, Kernel, Launch } from '../../plan/kernel.js';
import type { PlanTarget } from '../../plan/target.js';
import { rowLaunch } from './row-layout.js';

/**
 * A launch of a kernel that reduces rows, written once for both kinds of adapters: one invocation
 * reduces a row on a software adapter, one workgroup on a GPU (shaders/lib/row_lanes.wgsl).
 * @param kernel with its own sources only; this function puts the shared ones before them
 * @param constants the kernel's own; R, the number of rows, is added
 */
export function rowLanesLaunch(
  kernel: Pick<Kernel, 'name' | 'sources' | 'bindings'>,
  rows: number,
  target: PlanTarget,
  constants: Constants,
): Launch {
  const form = (perWorkgroup: boolean): Kernel => ({
    ...kernel,
    form: perWorkgroup ? 'row per workgroup' : 'row per invocation',
    sources: [perWorkgroup ? reduction : index, lanes, ...kernel.sources],
  });
  const launch = rowLaunch({ rowPerInvocation: form(false), rowPerWorkgroup: form(true) }, rows, target, {
    ...constants,
    R: rows,
  });
  const ROW_PER_WORKGROUP = launch.kernel.form === 'row per workgroup';
  return { ...launch, constants: { ...launch.constants, ROW_PER_WORKGROUP } };
}
