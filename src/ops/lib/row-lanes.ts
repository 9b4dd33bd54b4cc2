import index from '../../../shaders/lib/index.wgsl?raw';
import lanes from '../../../shaders/lib/row_lanes.wgsl?raw';
import reduction from '../../../shaders/lib/workgroup_reduction.wgsl?raw';
import type { Constants, Kernel, Launch } from '../../plan/kernel.js';
import type { PlanTarget } from '../../plan/op.js';
import { rowLaunch } from './rows.js';

/**
 * A launch of a kernel that reduces rows, whose text is the same for both kinds of adapters: a row to
 * each invocation on a software adapter, to each workgroup on a GPU (shaders/lib/row_lanes.wgsl).
 * @param kernel `sources` are the kernel's own; what they need of shaders/lib/row_lanes.wgsl comes before
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
