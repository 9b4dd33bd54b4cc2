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

/** One invocation per register tile of the recurrent product [N,H], with k split over several where there are few tiles. */
function tiledStep(kernelOf: (form: kernels.TiledForm) => Kernel, request: PlanRequest, tensors: Readonly<Record<string, string>>, flags: Constants): Launch {
  const { N, H } = request.dims;
  const variant = chooseVariant({ layout: 'NN', M: N, P: H, K: H }, { parallelism: request.target.parallelism });
  const rows = Math.min(variant.rows, 8);
  const columns = Math.min(variant.columns, 8);
  // The barriers of a split cost a software adapter more than its idle lanes.
  const slices = isSoftware(request.target) ? 1 : variant.slices;
  const blocks = Math.ceil(H / (4 * slices));
  const [tilesDown, tilesAcross] = [Math.ceil(N / rows), Math.ceil(H / columns)];
  // Two workgroups at least, so that a device with few cores uses more than one.
  const size = Math.min(64 / Math.min(slices, 16), 2 ** Math.ceil(Math.log2(Math.max(1, (tilesDown * tilesAcross) / 2))));
  const y = Math.min(size, 2 ** Math.floor(Math.log2(tilesDown)));
  const x = Math.max(1, size / y);
  return {
    kernel: kernelOf({ oneRow: rows === 1, vectorised: H % 4 === 0 }),
    constants: {
      ...constantsOf(request),
      ...flags,
      VEC: H % 4 === 0,
      ONE_ROW: rows === 1,
      TILE_ROWS: rows,
      TILE_COLUMNS: columns,
      ROWS_8: rows >= 8,
      ROWS_16: false,
      COLUMNS_8: columns >= 8,
      COLUMNS_16: false,
      BLOCKS: blocks,
      MASK_K: blocks * 4 * slices !== H,
      SLICES: slices,
      SPLIT: slices > 1,
      WORKGROUP_X: x,
      WORKGROUP_Y: y,
    },
    tensors: present(tensors, request),
    grid: [Math.ceil(tilesAcross / x), Math.ceil(tilesDown / y), 1],
  };
}
