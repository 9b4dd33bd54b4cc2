import activations from '../../../shaders/lib/activations.wgsl?raw';
import index from '../../../shaders/lib/index.wgsl?raw';
import backwardInitialSource from '../../../shaders/gru/backward_initial.wgsl?raw';
import backwardSource from '../../../shaders/gru/backward.wgsl?raw';
import forwardSource from '../../../shaders/gru/forward.wgsl?raw';
import stepLast from '../../../shaders/gru/step_last.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';
import { accessors, stepKernel, windowBindings, windowSources } from '../recurrent/kernels.js';

const read = { access: 'read', type: 'f32' } as const;
const write = { access: 'read_write', type: 'f32' } as const;

export const forward = stepKernel('gru/forward', 3, { projected: read, weight_hh: read, bias_hh: read, h: write, masked: write, gates: write, y: write }, [
  activations,
  forwardSource,
]);

const local = { h: read, gates: read, dy: read, dhn: read, da: write, recurrent: write, dh: write };

export const backward = stepKernel('gru/backward', 1, { weight_hh: read, ...local }, [backwardSource]);

/** The first of the backward steps: only here `dhn` is bound, and the weights are not. */
export const backwardLast: Kernel = {
  name: 'gru/backward',
  sources: [...windowSources, accessors(local, false), index, stepLast, backwardSource],
  bindings: { ...local, ...windowBindings },
  uniforms: ['t'],
};

export const backwardInitial: Kernel = {
  name: 'gru/backward_initial',
  sources: [index, ...windowSources, backwardInitialSource],
  bindings: { weight_hh: read, recurrent: read, keep: read, dh0: write, dh0_learned: write, ...windowBindings },
};
