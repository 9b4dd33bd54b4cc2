import activations from '../../../shaders/lib/activations.wgsl?raw';
import index from '../../../shaders/lib/index.wgsl?raw';
import backwardInitialSource from '../../../shaders/gru/backward_initial.wgsl?raw';
import backwardSource from '../../../shaders/gru/backward.wgsl?raw';
import forwardSource from '../../../shaders/gru/forward.wgsl?raw';
import gradient from '../../../shaders/gru/gradient.wgsl?raw';
import state from '../../../shaders/gru/state.wgsl?raw';
import stepLast from '../../../shaders/gru/step_last.wgsl?raw';
import initial from '../../../shaders/recurrent/initial.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';
import {
  accessors,
  avoidableBackward,
  stepKernel,
  windowBindings,
  windowSources,
} from '../recurrent/kernels.js';

const read = { access: 'read', type: 'f32' } as const;
const write = { access: 'read_write', type: 'f32' } as const;

/** Bindings of a forward step, for both places of the reset gate. */
export const forwardBindings = {
  projected: read,
  weight_hh: read,
  bias_hh: read,
  h: write,
  masked: write,
  gates: write,
  y: write,
} as const;
export const stateSources = [activations, state] as const;

/** Bindings of a backward step besides the weights, for both places of the reset gate. */
export const backwardBindings = {
  h: read,
  gates: read,
  dy: read,
  dhn: read,
  da: write,
  recurrent: write,
  dh: write,
} as const;
export const gradientSources = [gradient] as const;

export const forwardSources = [...stateSources, forwardSource] as const;
export const backwardSources = [...gradientSources, backwardSource] as const;

export const forward = stepKernel('gru/forward', 3, forwardBindings, forwardSources);

export const backward = stepKernel(
  'gru/backward',
  1,
  { weight_hh: read, ...backwardBindings },
  backwardSources,
);

/** The first backward step, which binds `dhn` and no weights. */
export const backwardLast: Kernel = {
  name: 'gru/backward',
  form: 'last',
  sources: [...windowSources, accessors(backwardBindings, false), index, stepLast, ...backwardSources],
  bindings: { ...backwardBindings, ...windowBindings },
  uniforms: ['t'],
  avoidable: avoidableBackward,
};

export const backwardInitial: Kernel = {
  name: 'gru/backward_initial',
  sources: [index, ...windowSources, backwardInitialSource, initial],
  bindings: {
    weight_hh: read,
    s: read,
    recurrent: read,
    keep: read,
    dh0: write,
    dh0_learned: write,
    ...windowBindings,
  },
};
