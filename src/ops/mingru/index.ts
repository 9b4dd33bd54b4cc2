import gates from '../../../shaders/mingru/gates.wgsl?raw';
import { defineOp } from '../../plan/op.js';
import { scanAttributes, scanCases, scanTensors } from '../scan/contract.js';
import { scanKernels } from '../scan/kernels.js';
import { scanBackward, scanForward } from '../scan/native.js';
import { planScanBackward, planScanForward } from '../scan/plan.js';
import * as reference from './reference.js';

const kernels = scanKernels('mingru', 2, gates);

export const mingru = defineOp({
  name: 'mingru',
  about:
    'One layer of the minGRU over a window: h_t = (1 − z)·h_{t−1} + z·h̃ with z = σ(a_z), h̃ = a_h; ' +
    'gates from the input alone, and no launch per step.',
  tensors: scanTensors(2, 'z h̃'),
  attributes: scanAttributes,
  accumulates: ['dh0_learned'],
  reference,
  plan: { forward: planScanForward(kernels), backward: planScanBackward(kernels) },
  native: { forward: scanForward(2), backward: scanBackward(2) },
  cases: scanCases(),
});
