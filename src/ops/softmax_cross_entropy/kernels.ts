import reduction from '../../../shaders/lib/workgroup_reduction.wgsl?raw';
import rowPerInvocationSource from '../../../shaders/softmax_cross_entropy/row_per_invocation.wgsl?raw';
import rowPerWorkgroupSource from '../../../shaders/softmax_cross_entropy/row_per_workgroup.wgsl?raw';
import index from '../../../shaders/lib/index.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';

const bindings: Kernel['bindings'] = {
  logits: { access: 'read_write', type: 'f32' },
  targets: { access: 'read', type: 'u32' },
  loss: { access: 'read_write', type: 'f32' },
};

/** For adapters with a handful of lanes, where a barrier costs more than a row. */
export const rowPerInvocation: Kernel = {
  name: 'softmax_cross_entropy/row_per_invocation',
  sources: [index, rowPerInvocationSource],
  bindings,
};

/** For GPUs. */
export const rowPerWorkgroup: Kernel = {
  name: 'softmax_cross_entropy/row_per_workgroup',
  sources: [reduction, rowPerWorkgroupSource],
  bindings,
};
