import index from '../../../shaders/lib/index.wgsl?raw';
import value from '../../../shaders/lib/value.wgsl?raw';
import backwardSource from '../../../shaders/sum_rows/backward.wgsl?raw';
import columnPerInvocationSource from '../../../shaders/sum_rows/column_per_invocation.wgsl?raw';
import columnsPerWorkgroupSource from '../../../shaders/sum_rows/columns_per_workgroup.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';
import type { RowValues } from '../rows.js';

type ValueType = RowValues['type'];

const forwardBindings = (type: ValueType): Kernel['bindings'] => ({
  x: { access: 'read', type },
  y: { access: 'read_write', type },
});

/** The simple version, and the one for adapters with a handful of lanes. */
export const columnPerInvocation = (type: ValueType): Kernel => ({
  name: 'sum_rows/column_per_invocation',
  form: type,
  sources: [index, value, columnPerInvocationSource],
  bindings: forwardBindings(type),
});

/** For GPUs: several invocations share a column. */
export const columnsPerWorkgroup: Kernel = {
  name: 'sum_rows/columns_per_workgroup',
  sources: [columnsPerWorkgroupSource],
  bindings: forwardBindings('f32'),
};

export const backward = (type: ValueType): Kernel => ({
  name: 'sum_rows/backward',
  form: type,
  sources: [index, value, backwardSource],
  bindings: { dy: { access: 'read', type }, dx: { access: 'read_write', type } },
});
