import index from '../../../shaders/lib/index.wgsl?raw';
import value from '../../../shaders/lib/value.wgsl?raw';
import backwardOrderedSource from '../../../shaders/gather/backward_ordered.wgsl?raw';
import backwardScanSource from '../../../shaders/gather/backward_scan.wgsl?raw';
import biasPartSource from '../../../shaders/gather/bias_part.wgsl?raw';
import forwardSource from '../../../shaders/gather/forward.wgsl?raw';
import orderRowsSource from '../../../shaders/gather/order_rows.wgsl?raw';
import orderRowsSeriallySource from '../../../shaders/gather/order_rows_serially.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';
import type { RowValues } from '../lib/row-layout.js';

type ValueType = RowValues['type'];

export const forward = (type: ValueType): Kernel => ({
  name: 'gather/forward',
  form: type,
  sources: [index, value, forwardSource],
  bindings: {
    ids: { access: 'read', type: 'u32' },
    weight: { access: 'read', type },
    bias: { access: 'read', type },
    y: { access: 'read_write', type },
  },
});

/** Every element of the gradients searches all ids: one launch, for few rows. */
export const backwardScan = (type: ValueType): Kernel => ({
  name: 'gather/backward_scan',
  form: type,
  sources: [index, value, backwardScanSource],
  bindings: {
    ids: { access: 'read', type: 'vec4<u32>' },
    dy: { access: 'read', type },
    dweight: { access: 'read_write', type },
    dbias: { access: 'read_write', type },
  },
});

/** Sorts the rows by id; each row computes its own place. For GPUs. */
export const orderRows = (type: ValueType): Kernel => ({
  name: 'gather/order_rows',
  form: type,
  sources: [index, value, biasPartSource, orderRowsSource],
  bindings: {
    ids: { access: 'read', type: 'vec4<u32>' },
    dy: { access: 'read', type },
    order: { access: 'read_write', type: 'u32' },
    ends: { access: 'read_write', type: 'u32' },
    parts: { access: 'read_write', type },
  },
});

/** Sorts the rows by id with one invocation. For software adapters, which have few lanes. */
export const orderRowsSerially = (type: ValueType): Kernel => ({
  name: 'gather/order_rows_serially',
  form: type,
  sources: [index, value, biasPartSource, orderRowsSeriallySource],
  bindings: { ...orderRows(type).bindings, ids: { access: 'read', type: 'u32' } },
});

/** Adds up the rows of each id, after the sort. */
export const backwardOrdered = (type: ValueType): Kernel => ({
  name: 'gather/backward_ordered',
  form: type,
  sources: [index, value, backwardOrderedSource],
  bindings: {
    order: { access: 'read', type: 'u32' },
    ends: { access: 'read', type: 'u32' },
    dy: { access: 'read', type },
    parts: { access: 'read', type },
    dweight: { access: 'read_write', type },
    dbias: { access: 'read_write', type },
  },
});
