import index from '../../../shaders/lib/index.wgsl?raw';
import backwardSource from '../../../shaders/max_pool/backward.wgsl?raw';
import forwardSource from '../../../shaders/max_pool/forward.wgsl?raw';
import { OptionError } from '../../core/errors.js';
import type { Kernel, Launch } from '../../plan/kernel.js';
import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { PlanRequest } from '../../plan/planner.js';
import { additions, lineLaunch } from '../lib/elementwise.js';
import { checkedImageWindow } from '../lib/image-window.js';
import { overRows } from '../lib/native-calls.js';

const forward: Kernel = {
  name: 'max_pool/forward',
  sources: [index, forwardSource],
  bindings: {
    x: { access: 'read', type: 'f32' },
    y: { access: 'read_write', type: 'f32' },
    place: { access: 'read_write', type: 'u32' },
  },
};

const backward: Kernel = {
  name: 'max_pool/backward',
  sources: [index, backwardSource],
  bindings: {
    place: { access: 'read', type: 'u32' },
    dy: { access: 'read', type: 'f32' },
    dx: { access: 'read_write', type: 'f32' },
  },
};

/** Adds F, the side of a window, to the sizes. It is an attribute, because no tensor has it. */
function sizesOf({ dims, attributes }: PlanRequest): Record<string, number> {
  if (!Number.isInteger(attributes.size) || Number(attributes.size) < 1)
    throw new OptionError('max_pool.size', attributes.size, 'a whole number from 1');
  return { ...dims, F: Number(attributes.size) };
}

/** An invocation for each of `count` elements. */
function launch(kernel: Kernel, request: PlanRequest, count: number): Launch {
  const { attributes, accumulate } = request;
  const sizes = sizesOf(request);
  const { stride, padding } = checkedImageWindow('max_pool', sizes, attributes);
  const { N, I, J, C, F, Y, X } = sizes;
  const constants = { ...{ N, I, J, C, F, Y, X }, STRIDE: stride, PADDING: padding };
  return lineLaunch(kernel, count, { ...constants, ...additions(kernel, accumulate) });
}

export * as reference from './reference.js';

export const plan: Planners = {
  forward: (request) => {
    const { N, Y, X, C } = request.dims;
    return [launch(forward, request, N * Y * X * C)];
  },
  backward: (request) => {
    const { N, I, J, C } = request.dims;
    return [launch(backward, request, N * I * J * C)];
  },
};

export const native: NativePlanners = {
  forward: ({ dims: { N, I, J, C, Y, X }, attributes }) => {
    const [size, stride, padding] = [attributes.size, attributes.stride, attributes.padding].map(Number);
    return [
      overRows(
        'max_pool',
        ['x', 'y', 'place', I, J, C, size, Y, X, stride, padding],
        N * Y * X,
        C * size * size,
      ),
    ];
  },
  /** Threads split the images, so that overlapping windows are added by one thread. */
  backward: ({ dims: { N, I, J, C, Y, X }, accumulate }) => [
    overRows(
      'max_pool_backward',
      ['place', 'dy', 'dx', I * J, C, Y * X, accumulate.includes('dx')],
      N,
      (I * J + 2 * Y * X) * C,
    ),
  ],
};

export const cases: readonly OpCase[] = [
  { dims: { N: 1, I: 2, J: 2, C: 1, Y: 1, X: 1 } },
  { dims: { N: 2, I: 5, J: 6, C: 3, Y: 2, X: 3 } },
  // Windows overlap, so one place may be the largest of several windows.
  {
    dims: { N: 2, I: 5, J: 4, C: 3, Y: 5, X: 4 },
    attributes: { size: 3, stride: 1, padding: 1 },
  },
  { dims: { N: 1, I: 7, J: 7, C: 4, Y: 4, X: 4 }, attributes: { size: 3, stride: 2, padding: 1 } },
  { dims: { N: 8, I: 28, J: 28, C: 32, Y: 14, X: 14 }, thorough: true },
];
