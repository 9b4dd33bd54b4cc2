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
import value from '../../../shaders/lib/value.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';
import type { RowValues } from '../lib/row-layout.js';

/** A kernel over values: four elements at a time, or one. */
type ValueType = RowValues['type'];

const read = { access: 'read', type: 'f32' } as const;
const write = { access: 'read_write', type: 'f32' } as const;
const words = { access: 'read', type: 'u32' } as const;

export const forward = (type: ValueType): Kernel => ({
  name: 'attend/forward',
  form: type,
  sources: [activations, value, reduction, shared, forwardSource],
  bindings: {
    states: { access: 'read', type },
    weight_query: { access: 'read', type },
    keys: { access: 'read', type },
    weight_score: { access: 'read', type },
    values: { access: 'read', type },
    context: { access: 'read_write', type },
    trace: write,
    lengths: words,
  },
  uniforms: ['t'],
});

export const backward = (type: ValueType): Kernel => ({
  name: 'attend/backward',
  form: type,
  sources: [activations, value, reduction, shared, backwardSource],
  bindings: {
    weight_query: { access: 'read', type },
    keys: { access: 'read', type },
    weight_score: { access: 'read', type },
    values: { access: 'read', type },
    dcontext: { access: 'read', type },
    dstate: { access: 'read_write', type },
    trace: write,
    lengths: words,
  },
  uniforms: ['t'],
});

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

export const keyGradients = (type: ValueType): Kernel => ({
  name: 'attend/key_gradients',
  form: type,
  sources: [activations, value, index, keyGradientsSource],
  bindings: {
    keys: { access: 'read', type },
    weight_score: { access: 'read', type },
    trace: read,
    dkeys: { access: 'read_write', type },
    row_scores: { access: 'read_write', type },
  },
});

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
