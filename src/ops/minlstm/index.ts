import gates from '../../../shaders/minlstm/gates.wgsl?raw';
import { defineOp } from '../../plan/op.js';
import { scanAttributes, scanCases, scanTensors } from '../scan/contract.js';
import { scanKernels } from '../scan/kernels.js';
import { scanBackward, scanForward } from '../scan/native.js';
import { planScanBackward, planScanForward } from '../scan/plan.js';
import * as reference from './reference.js';

const kernels = scanKernels('minlstm', 3, gates);

export const minlstm = defineOp({
  name: 'minlstm',
  about:
    'One layer of the minLSTM over a window: h_t = (f·h_{t−1} + i·h̃)/(f + i) with f = σ(a_f), i = ' +
    'σ(a_i), h̃ = a_h; gates from the input alone, and no launch per step.',
  tensors: scanTensors(3, 'f i h̃'),
  attributes: scanAttributes,
  accumulates: ['dh0_learned'],
  reference,
  plan: { forward: planScanForward(kernels), backward: planScanBackward(kernels) },
  native: { forward: scanForward(3), backward: scanBackward(3) },
  cases: scanCases(),
});
