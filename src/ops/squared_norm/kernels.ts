import source from '../../../shaders/squared_norm/forward.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';

export const forward: Kernel = {
  name: 'squared_norm/forward',
  sources: [source],
  bindings: { x: { access: 'read', type: 'vec4<f32>' }, partial: { access: 'read_write', type: 'f32' } },
};
