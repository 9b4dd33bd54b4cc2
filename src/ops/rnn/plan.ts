import { lineGrid, type Constants, type Kernel, type Launch } from '../../plan/kernel.js';
import type { Planner, PlanRequest } from '../../plan/op.js';
import { WORKGROUP } from '../elementwise.js';
import { planProduct } from '../matmul/product.js';
import { chooseVariant } from '../matmul/variants.js';
import { isSoftware } from '../target.js';
import * as kernels from './kernels.js';

/** Tensors of a step's forward and backward kernels; optional ones are left out where the call has them not. */
const FORWARD = ['projected', 'weight_hh', 'bias_hh', 'h', 'y', 'hn'];
const BACKWARD = ['weight_hh', 'h', 'dy', 'dhn'];

/** One launch for the initial state, one per time step. */
export const planForward: Planner = (request) => {
  const { T } = request.dims;
  const tensors = named(FORWARD);
  const step = request.attributes.variant === 'simple' ? simpleStep(kernels.forward, request, tensors) : tiledStep(kernels.forwardTiled, request, tensors, { TRANSPOSED_B: true });
  return [simpleStep(kernels.begin, request, named(['h0', 'keep', 'h'])), ...Array.from({ length: T }, (_, t) => ({ ...step, uniforms: { t } }))];
};

/** One launch per time step, from the last to the first; then one product for dW_hh with db_hh in its epilogue. */
export const planBackward: Planner = (request) => {
  const { dims, target, has, accumulate, attributes } = request;
  const { T, N, H } = dims;
  const da = has('dprojected') ? 'dprojected' : 'da';
  const tensors = { ...named(BACKWARD), da };
  const step = attributes.variant === 'simple' ? simpleStep(kernels.backward, request, tensors) : tiledStep(kernels.backwardTiled, request, tensors, { TRANSPOSED_B: false });
  const launches: Launch[] = Array.from({ length: T }, (_, i) => ({ ...step, uniforms: { t: T - 1 - i } }));
  if (has('dh0')) launches.push(simpleStep(kernels.backwardInitial, request, { ...named(['weight_hh', 'keep', 'dh0']), da }));
  if (has('dweight_hh')) {
    const rowSums = has('dbias_hh') ? { rowSums: 'dbias_hh', accumulateRowSums: accumulate.includes('dbias_hh') } : {};
    launches.push(...planProduct({ layout: 'TN', M: H, P: H, K: T * N, a: da, b: 'h', c: 'dweight_hh', accumulate: accumulate.includes('dweight_hh'), target, ...rowSums }));
  }
  return launches;
};

function named(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, name]));
}

function constantsOf({ dims: { T, N, H }, attributes }: PlanRequest): Constants {
  return { T, N, H, RELU: attributes.nonlinearity === 'relu' };
}

function present(tensors: Readonly<Record<string, string>>, { has }: PlanRequest): Record<string, string> {
  return Object.fromEntries(Object.entries(tensors).filter(([, name]) => has(name)));
}

/** One invocation per unit and batch row. */
function simpleStep(kernel: Kernel, request: PlanRequest, tensors: Readonly<Record<string, string>>): Launch {
  const { N, H } = request.dims;
  const grid = lineGrid(N * H, WORKGROUP);
  return { kernel, constants: { ...constantsOf(request), WORKGROUP, GRID_X: grid[0] }, tensors: present(tensors, request), grid };
}

/** The recurrent product [N,H] in register tiles: one per invocation, with k split over several where there are few tiles, or one per quad. */
function tiledStep(kernelOf: (body: kernels.StepBody, vectorised: boolean) => Kernel, request: PlanRequest, tensors: Readonly<Record<string, string>>, flags: Constants): Launch {
  const { N, H } = request.dims;
  const { target } = request;
  const variant = chooseVariant({ layout: 'NN', M: N, P: H, K: H }, target);
  const quad = variant.kernel === 'quads';
  const rows = Math.min(variant.rows, 8);
  const columns = Math.min(variant.columns, quad ? 16 : 8);
  // The barriers of a split cost a software adapter more than its idle lanes.
  const slices = isSoftware(target) ? 1 : variant.slices;
  const blocks = Math.ceil(H / (4 * slices));
  const [x, y] = quad ? [1, 4] : workgroupOf(Math.ceil(N / rows), Math.ceil(H / columns), slices);
  const body = quad ? 'quad' : rows === 1 ? 'row' : 'tile';
  return {
    kernel: kernelOf(body, H % 4 === 0),
    constants: {
      ...constantsOf(request),
      ...flags,
      VEC: H % 4 === 0,
      TILE_ROWS: rows,
      TILE_COLUMNS: columns,
      BLOCKS: blocks,
      MASK_K: blocks * 4 * slices !== H,
      ROWS_8: rows >= 8,
      ...(quad
        ? { COLUMNS_32: false }
        : { ONE_ROW: rows === 1, ROWS_16: false, COLUMNS_8: columns >= 8, COLUMNS_16: false, SLICES: slices, SPLIT: slices > 1, WORKGROUP_X: x, WORKGROUP_Y: y }),
    },
    tensors: present(tensors, request),
    grid: [Math.ceil(H / (columns * x)), Math.ceil(N / (rows * y)), 1],
  };
}

/** Invocations of a workgroup across columns and down rows: two workgroups at least, so that a device with few cores uses more than one. */
function workgroupOf(tilesDown: number, tilesAcross: number, slices: number): readonly [number, number] {
  const size = Math.min(64 / slices, 2 ** Math.ceil(Math.log2(Math.max(1, (tilesDown * tilesAcross) / 2))));
  const y = Math.min(size, 2 ** Math.floor(Math.log2(tilesDown)));
  return [Math.max(1, size / y), y];
}
