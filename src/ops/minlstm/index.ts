import { defineOp } from '../../plan/op.js';
import { scanAttributes, scanTensors } from '../scan/contract.js';

export const minlstm = defineOp({
  name: 'minlstm',
  about:
    'One layer of the minLSTM over a window: h_t = (f·h_{t−1} + i·h̃)/(f + i) with f = σ(a_f), i = ' +
    'σ(a_i), h̃ = a_h.',
  tensors: scanTensors(3, 'f i h̃'),
  attributes: scanAttributes,
  accumulates: ['dh0_learned'],
  backward: true,
  load: () => import('./implementation.js'),
});
