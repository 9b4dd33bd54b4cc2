import index from '../../../shaders/lib/index.wgsl?raw';
import imageGradientSource from '../../../shaders/convolution/image_gradient.wgsl?raw';
import patchesSource from '../../../shaders/convolution/patches.wgsl?raw';
import type { Kernel, Launch } from '../../plan/kernel.js';
import type { Halves, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { PlanRequest } from '../../plan/planner.js';
import { additions, lineLaunch } from '../lib/elementwise.js';
import { checkedImageWindow } from '../lib/image-window.js';
import { planColumnSums, planProduct } from '../matmul/product.js';

const read = { access: 'read', type: 'f32' } as const;

const write = { access: 'read_write', type: 'f32' } as const;

const patches: Kernel = {
  name: 'convolution/patches',
  sources: [index, patchesSource],
  bindings: { x: read, patches: write },
};

const imageGradient: Kernel = {
  name: 'convolution/image_gradient',
  sources: [index, imageGradientSource],
  bindings: { dpatches: read, dx: write },
};

/** An invocation for each of `count` elements. */
function launch(kernel: Kernel, request: PlanRequest, count: number): Launch {
  const { dims, attributes, accumulate } = request;
  const { stride, padding } = checkedImageWindow('convolution', dims, attributes);
  const { N, I, J, C, F, Y, X } = dims;
  return lineLaunch(kernel, count, {
    ...{ N, I, J, C, F, Y, X },
    STRIDE: stride,
    PADDING: padding,
    ...additions(kernel, accumulate),
  });
}

/** Copies the elements under each window to `patches`, then multiplies them by the weights. */
function planForward(request: PlanRequest): Launch[] {
  const { dims, target, has } = request;
  const { N, C, F, P, Y, X } = dims;
  const rows = N * Y * X;
  const bias = has('bias') ? { bias: 'bias' } : {};
  const product = { layout: 'NT', M: rows, P, K: C * F * F, a: 'patches', b: 'weight', c: 'y' } as const;
  return [launch(patches, request, rows * C * F * F), ...planProduct({ ...product, ...bias, target })];
}

/** dpatches = dy·weight, then gathered into dx; dweight = dyᵀ·patches, and dbias in its epilogue. */
function planBackward(request: PlanRequest): Launch[] {
  const { dims, target, has, accumulate } = request;
  const { N, I, J, C, F, P, Y, X } = dims;
  const [rows, inner] = [N * Y * X, C * F * F];
  const adds = (name: string): boolean => accumulate.includes(name);
  const rowSums = has('dbias') ? { rowSums: 'dbias', accumulateRowSums: adds('dbias') } : {};
  return [
    ...(has('dx')
      ? [
          ...planProduct({
            layout: 'NN',
            M: rows,
            P: inner,
            K: P,
            a: 'dy',
            b: 'weight',
            c: 'dpatches',
            target,
          }),
          launch(imageGradient, request, N * I * J * C),
        ]
      : []),
    ...(has('dweight')
      ? planProduct({
          ...{ layout: 'TN', M: P, P: inner, K: rows, a: 'dy', b: 'patches', c: 'dweight' },
          accumulate: adds('dweight'),
          ...rowSums,
          target,
        })
      : has('dbias')
        ? planColumnSums({ M: P, K: rows }, 'dy', 'dbias', adds('dbias'))
        : []),
  ];
}

export * as native from './native.js';
export * as reference from './reference.js';

export const halves: Halves = { operands: ['x', 'weight', 'dy'], exact: ['patches', 'dbias'] };

export const plan: Planners = { forward: planForward, backward: planBackward };

export const cases: readonly OpCase[] = [
  { dims: { N: 1, I: 1, J: 1, C: 1, F: 1, P: 1, Y: 1, X: 1 } },
  { dims: { N: 2, I: 4, J: 5, C: 2, F: 3, P: 3, Y: 4, X: 5 }, attributes: { padding: 1 } },
  { dims: { N: 2, I: 5, J: 4, C: 3, F: 3, P: 4, Y: 3, X: 2 }, attributes: { padding: 1, stride: 2 } },
  { dims: { N: 1, I: 7, J: 6, C: 1, F: 5, P: 2, Y: 3, X: 2 }, without: ['bias'] },
  { dims: { N: 3, I: 8, J: 7, C: 2, F: 5, P: 5, Y: 4, X: 4 }, attributes: { padding: 2, stride: 2 } },
  { dims: { N: 2, I: 9, J: 9, C: 8, F: 3, P: 16, Y: 9, X: 9 }, attributes: { padding: 1 } },
  {
    dims: { N: 8, I: 28, J: 28, C: 16, F: 3, P: 32, Y: 28, X: 28 },
    attributes: { padding: 1 },
    thorough: true,
  },
];
