import addInitialSource from '../../../shaders/attend/add_initial.wgsl?raw';
import beginBackwardSource from '../../../shaders/attend/begin_backward.wgsl?raw';
import backwardSource from '../../../shaders/attend/backward.wgsl?raw';
import copyInputsSource from '../../../shaders/attend/copy_inputs.wgsl?raw';
import forwardSource from '../../../shaders/attend/forward.wgsl?raw';
import keyGradientsSource from '../../../shaders/attend/key_gradients.wgsl?raw';
import shared from '../../../shaders/attend/shared.wgsl?raw';
import weightsSource from '../../../shaders/attend/weights.wgsl?raw';
import activations from '../../../shaders/lib/activations.wgsl?raw';
import index from '../../../shaders/lib/index.wgsl?raw';
import reduction from '../../../shaders/lib/workgroup_reduction.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';

const read = { access: 'read', type: 'f32' } as const;
const write = { access: 'read_write', type: 'f32' } as const;
const words = { access: 'read', type: 'u32' } as const;

export const forward: Kernel = {
  name: 'attend/forward',
  sources: [activations, reduction, shared, forwardSource],
  bindings: {
    states: read,
    weight_query: read,
    keys: read,
    weight_score: read,
    values: read,
    context: write,
    trace: write,
    lengths: words,
  },
  uniforms: ['t'],
};

export const backward: Kernel = {
  name: 'attend/backward',
  sources: [activations, reduction, shared, backwardSource],
  bindings: {
    weight_query: read,
    keys: read,
    weight_score: read,
    values: read,
    dcontext: read,
    dstate: write,
    trace: write,
    lengths: words,
  },
  uniforms: ['t'],
};

export const weights: Kernel = {
  name: 'attend/weights',
  sources: [index, weightsSource],
  bindings: { trace: read, steps: words, attention: write },
};

export const beginBackward: Kernel = {
  name: 'attend/begin_backward',
  sources: [index, beginBackwardSource],
  bindings: { dy: read, dattention: read, steps: words, dstate: write, trace: write },
};

export const keyGradients: Kernel = {
  name: 'attend/key_gradients',
  sources: [activations, index, keyGradientsSource],
  bindings: { keys: read, weight_score: read, trace: read, dkeys: write, row_scores: write },
};

export const copyInputs: Kernel = {
  name: 'attend/copy_inputs',
  sources: [index, copyInputsSource],
  bindings: { projected: read, inputs: write },
};

export const addInitial: Kernel = {
  name: 'attend/add_initial',
  sources: [index, addInitialSource],
  bindings: { dstate: read, dh0: write },
};
