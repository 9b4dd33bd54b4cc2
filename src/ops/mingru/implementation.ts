import type { NativePlanners, OpCase, Planners } from '../../plan/op.js';
import gates from '../../../shaders/mingru/gates.wgsl?raw';
import { scanCases } from '../scan/cases.js';
import { scanKernels } from '../scan/kernels.js';
import { scanBackward, scanForward } from '../scan/native.js';
import { planScanBackward, planScanForward } from '../scan/plan.js';

const kernels = scanKernels('mingru', 2, gates);

export * as reference from './reference.js';

export const plan: Planners = {
  forward: planScanForward(kernels),
  backward: planScanBackward(kernels),
};

export const native: NativePlanners = { forward: scanForward(2), backward: scanBackward(2) };

export const cases: readonly OpCase[] = scanCases();
