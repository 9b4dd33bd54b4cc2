import { defineOp } from '../../plan/op.js';
import { scanAttributes, scanTensors } from '../scan/contract.js';

export const mingru = defineOp({
  name: 'mingru',
  about: 'One layer of the minGRU over a window: h_t = (1 − z)·h_{t−1} + z·h̃ with z = σ(a_z), h̃ = a_h.',
  tensors: scanTensors(2, 'z h̃'),
  attributes: scanAttributes,
  accumulates: ['dh0_learned'],
  backward: true,
  load: () => import('./implementation.js'),
});
