import source from '../../../shaders/step_summary/forward.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';

export const forward: Kernel = {
  name: 'step_summary/forward',
  sources: [source],
  bindings: {
    partial: { access: 'read', type: 'f32' },
    loss: { access: 'read', type: 'f32' },
    report: { access: 'read_write', type: 'vec4<f32>' },
  },
};
