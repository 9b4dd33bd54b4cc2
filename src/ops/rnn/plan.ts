import { lineGrid, type Kernel, type Launch } from '../../plan/kernel.js';
import type { Planner, PlanRequest } from '../../plan/op.js';
import { WORKGROUP } from '../elementwise.js';
import { planProduct } from '../matmul/product.js';
import * as kernels from './kernels.js';

/** One launch for the initial state, one per time step. */
export const planForward: Planner = (request) => {
  const { T } = request.dims;
  const begin = cellLaunch(kernels.begin, request, { h0: 'h0', keep: 'keep', h: 'h' });
  const step = cellLaunch(kernels.forward, request, { projected: 'projected', weight_hh: 'weight_hh', bias_hh: 'bias_hh', h: 'h', y: 'y', hn: 'hn' });
  return [begin, ...Array.from({ length: T }, (_, t) => ({ ...step, uniforms: { t } }))];
};

/** One launch per time step, from the last to the first; then one product for dW_hh with db_hh in its epilogue. */
export const planBackward: Planner = (request) => {
  const { dims, target, has, accumulate } = request;
  const { T, N, H } = dims;
  const da = has('dprojected') ? 'dprojected' : 'da';
  const step = cellLaunch(kernels.backward, request, { weight_hh: 'weight_hh', h: 'h', dy: 'dy', dhn: 'dhn', da });
  const launches: Launch[] = Array.from({ length: T }, (_, i) => ({ ...step, uniforms: { t: T - 1 - i } }));
  if (has('dh0')) launches.push(cellLaunch(kernels.backwardInitial, request, { weight_hh: 'weight_hh', da, keep: 'keep', dh0: 'dh0' }));
  if (has('dweight_hh')) {
    const rowSums = has('dbias_hh') ? { rowSums: 'dbias_hh', accumulateRowSums: accumulate.includes('dbias_hh') } : {};
    launches.push(...planProduct({ layout: 'TN', M: H, P: H, K: T * N, a: da, b: 'h', c: 'dweight_hh', accumulate: accumulate.includes('dweight_hh'), target, ...rowSums }));
  }
  return launches;
};

function cellLaunch(kernel: Kernel, { dims, attributes, has }: PlanRequest, tensors: Readonly<Record<string, string>>): Launch {
  const { T, N, H } = dims;
  const grid = lineGrid(N * H, WORKGROUP);
  return {
    kernel,
    constants: { T, N, H, WORKGROUP, GRID_X: grid[0], RELU: attributes.nonlinearity === 'relu' },
    tensors: Object.fromEntries(Object.entries(tensors).filter(([, name]) => has(name))),
    grid,
  };
}
