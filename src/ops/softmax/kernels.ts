import index from '../../../shaders/lib/index.wgsl?raw';
import reduction from '../../../shaders/lib/workgroup_reduction.wgsl?raw';
import backwardPerInvocationSource from '../../../shaders/softmax/backward_row_per_invocation.wgsl?raw';
import backwardPerWorkgroupSource from '../../../shaders/softmax/backward_row_per_workgroup.wgsl?raw';
import forwardPerInvocationSource from '../../../shaders/softmax/forward_row_per_invocation.wgsl?raw';
import forwardPerWorkgroupSource from '../../../shaders/softmax/forward_row_per_workgroup.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';

const forward: Kernel['bindings'] = {
  x: { access: 'read', type: 'f32' },
  y: { access: 'read_write', type: 'f32' },
};
const backward: Kernel['bindings'] = {
  y: { access: 'read', type: 'f32' },
  dy: { access: 'read', type: 'f32' },
  dx: { access: 'read_write', type: 'f32' },
};

/** For adapters with a handful of lanes, where a barrier costs more than a row. */
export const rowPerInvocation = {
  forward: {
    name: 'softmax/forward_row_per_invocation',
    sources: [index, forwardPerInvocationSource],
    bindings: forward,
  },
  backward: {
    name: 'softmax/backward_row_per_invocation',
    sources: [index, backwardPerInvocationSource],
    bindings: backward,
  },
} as const satisfies Record<string, Kernel>;

/** For GPUs. */
export const rowPerWorkgroup = {
  forward: {
    name: 'softmax/forward_row_per_workgroup',
    sources: [reduction, forwardPerWorkgroupSource],
    bindings: forward,
  },
  backward: {
    name: 'softmax/backward_row_per_workgroup',
    sources: [reduction, backwardPerWorkgroupSource],
    bindings: backward,
  },
} as const satisfies Record<string, Kernel>;
