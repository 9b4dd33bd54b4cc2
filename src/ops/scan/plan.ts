import { lineGrid, type Constants, type Launch } from '../../plan/kernel.js';
import type { Planner, PlanRequest } from '../../plan/planner.js';
import {
  initialGradients,
  keyName,
  planBegin,
  present,
  windowConstants,
  type Names,
} from '../recurrent/plan.js';
import type { ScanKernel, ScanKernels } from './kernels.js';
import { chooseScan } from './shape.js';

/** Two launches for a window of any length: one writes the initial state, one computes all steps. */
export function planScanForward(kernels: ScanKernels): Planner {
  return (given) => {
    const request = withoutRecurrentDropout(given);
    return [
      planBegin(request, 'h'),
      planWindow(
        request,
        kernels.forward,
        {},
        {
          ...cellConstants(kernels, 'forward'),
          DOWNWARDS: request.attributes.reverse === true,
        },
      ),
    ];
  };
}

/** One launch for a window of any length, and one for each wanted gradient of an initial state. */
export function planScanBackward(kernels: ScanKernels): Planner {
  return (given) => {
    const request = withoutRecurrentDropout(given);
    const { has, attributes, dims } = request;
    const initial = has('dh0') || has('dh0_learned');
    // The gradient of the initial state is computed from dh at each row's first step.
    const dh = has('dh') ? 'dh' : initial ? 'dstates' : undefined;
    const states = has('dprojected') ? {} : { h: undefined };
    const constants = {
      ...cellConstants(kernels, 'backward'),
      GRADIENTS: has('dprojected'),
      DOWNWARDS: attributes.reverse !== true,
    };
    const window = planWindow(request, kernels.backward, { dh, ...states }, constants);
    const launches = initialGradients(request, kernels.backwardInitial, { dh });
    const single = { ...cellConstants(kernels, 'backward'), COLUMNS: dims.H, VEC4: false, DOWNWARDS: false };
    return [
      window,
      ...launches.map((launch) => ({ ...launch, constants: { ...launch.constants, ...single } })),
    ];
  };
}

function cellConstants({ gates }: ScanKernels, phase: 'forward' | 'backward'): Constants {
  return { GATES: gates, FORWARD: phase === 'forward', GRADIENTS: false };
}

/** Removes recurrentDropout: there is no recurrent product whose operand it could mask. */
function withoutRecurrentDropout(request: PlanRequest): PlanRequest {
  return { ...request, attributes: { ...request.attributes, recurrentDropout: 0 } };
}

/** Returns the launch that computes all steps of a window. */
function planWindow(
  request: PlanRequest,
  kernelOf: ScanKernel,
  tensors: Names,
  constants: Constants,
): Launch {
  const { dims, target, attributes } = request;
  const { body, width, values, across, chunks } = chooseScan(dims, target, String(attributes.variant));
  const grid = lineGrid(values, across);
  const kernel = kernelOf(body, width);
  const layout: Constants =
    body === 'serial'
      ? { WORKGROUP: across }
      : { WIDTH: across, CHUNKS: chunks, LENGTH: Math.ceil(dims.T / chunks), WORKGROUP: across };
  return {
    kernel,
    constants: {
      ...windowConstants(request),
      ...constants,
      COLUMNS: dims.H / width,
      VEC4: width === 4,
      ...layout,
      GRID_X: grid[0],
    },
    tensors: present(kernel, request, { ...tensors, ...keyName(attributes.dropout !== 0) }),
    grid,
  };
}
