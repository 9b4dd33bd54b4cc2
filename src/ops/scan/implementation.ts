import type { OpImplementation } from '../../plan/op.js';
import { scanCases } from './cases.js';
import { scanKernels } from './kernels.js';
import { SCAN_CELLS, scanBackward, scanForward } from './native.js';
import { planScanBackward, planScanForward } from './plan.js';

/**
 * The implementation of a cell whose gates read the input alone, but for its references. A cell
 * that SCAN_CELLS lacks has no SIMD kernels: on the backend `cpu` its references run.
 * @param cell name of the op
 * @param gates number of gates: blocks of H units in a row of `projected`
 * @param gatesSource WGSL of the gates, with the functions that `scanKernels` names
 */
export function scanImplementation(
  cell: string,
  gates: number,
  gatesSource: string,
): Required<Pick<OpImplementation, 'plan' | 'native' | 'cases'>> {
  const kernels = scanKernels(cell, gates, gatesSource);
  const numbers: Readonly<Record<string, number | undefined>> = SCAN_CELLS;
  const number = numbers[cell];
  return {
    plan: { forward: planScanForward(kernels), backward: planScanBackward(kernels) },
    native:
      number === undefined
        ? {}
        : { forward: scanForward(number, gates), backward: scanBackward(number, gates) },
    cases: scanCases(),
  };
}
