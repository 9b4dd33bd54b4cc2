import source from '../../../shaders/loss_scale/forward.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';
import type { Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';

const kernel: Kernel = {
  name: 'loss_scale/forward',
  sources: [source],
  bindings: { report: { access: 'read', type: 'f32' }, state: { access: 'read_write', type: 'f32' } },
};

export * as reference from './reference.js';

export const plan: Planners = {
  forward: ({ attributes }) => [
    { kernel, constants: { GROW_EVERY: Number(attributes.growEvery) }, grid: [1, 1, 1] },
  ],
};

const after = (usable: 0 | 1, scale: number, steps: number): OpCase => ({
  dims: {},
  fill: { report: { values: [1, 2, usable, 1] }, state: { values: [scale, steps] } },
});

export const cases: readonly OpCase[] = [
  after(1, 65536, 0),
  after(1, 65536, 1999),
  after(1, 2 ** 24, 1999),
  after(0, 65536, 1999),
  after(0, 1, 5),
  { ...after(1, 8, 2), attributes: { growEvery: 3 } },
];
