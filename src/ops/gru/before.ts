import { lineGrid, type Constants, type Kernel, type Launch } from '../../plan/kernel.js';
import type { Planner, PlanRequest } from '../../plan/planner.js';
import { planColumnSums } from '../matmul/product.js';
import { chooseVariant } from '../matmul/variants.js';
import {
  drops,
  gradientsName,
  keyName,
  maskedName,
  masksState,
  planBegin,
  planFinish,
  present,
  windowConstants,
  type Names,
} from '../recurrent/plan.js';
import { withOperands } from '../lib/operands.js';
import { rulesOf } from '../lib/rules.js';
import * as kernels from './before-kernels.js';
import { planInitial } from './initial.js';

/** Invocations of a workgroup that every device allows. */
const LARGEST_WORKGROUP = 256;

/** Fewest values of k of a slice. With fewer, the exchange between slices takes longer than it saves. */
const LEAST_SLICE = 32;

/**
 * The launches of forward with the reset gate before the recurrent product. The product of n needs r
 * of the whole row, so a workgroup owns a row and waits in the middle of the step.
 */
export const planForward: Planner = (request) => {
  const kernel = withOperands(kernels.forward(isVectorised(request)), request.target.half);
  const step = rowStep(request, kernel, maskedName(request), { TRANSPOSED_B: true });
  return [
    planBegin(request, 'h'),
    ...stepOrder(request, false).map((t) => ({ ...step, uniforms: { t } })),
    planFinish(request, 'h'),
  ];
};

/** A launch for each time step in the opposite order, then one for dW_hh and db_hh. */
export const planBackward: Planner = (request) => {
  const da = gradientsName(request);
  const kernel = withOperands(kernels.backward(isVectorised(request)), request.target.half);
  const step = rowStep(request, kernel, { da, dhn: undefined }, { TRANSPOSED_B: false, LAST: false });
  const last = rowStep(request, kernel, { da }, { TRANSPOSED_B: false, LAST: true });
  return [
    ...stepOrder(request, true).map((t, i) => ({ ...(i === 0 ? last : step), uniforms: { t } })),
    ...planInitial(request, da, 2),
    ...planWeightGradient(request, da),
  ];
};

/** Returns the time steps in the order of computation. */
function stepOrder({ dims: { T }, attributes }: PlanRequest, backward: boolean): number[] {
  const upwards = (attributes.reverse === true) === backward;
  return Array.from({ length: T }, (_, i) => (upwards ? i : T - 1 - i));
}

function isVectorised({ dims, attributes }: PlanRequest): boolean {
  return dims.H % 4 === 0 && attributes.variant !== 'simple';
}

/**
 * Returns the launch of a step, with a workgroup for each batch row. On a software adapter a workgroup
 * has the four lanes of one core, which need no time for barriers.
 */
function rowStep(request: PlanRequest, kernel: Kernel, tensors: Names, own: Constants): Launch {
  const { N, H } = request.dims;
  const { variant } = request.attributes;
  const { sharesWork, splitsSteps } = rulesOf(request.target);
  const across = sharesWork ? Math.min(LARGEST_WORKGROUP, powerOfTwo(Math.ceil(H / 4))) : 4;
  const most = Math.min(16, LARGEST_WORKGROUP / across, H / LEAST_SLICE);
  const slices = !splitsSteps || variant === 'simple' || most < 2 ? 1 : 2 ** Math.floor(Math.log2(most));
  const grid = lineGrid(N, 1);
  return {
    kernel,
    constants: {
      ...windowConstants(request),
      ...own,
      VEC: isVectorised(request),
      WORKGROUP_X: across,
      WORKGROUP_Y: 1,
      SLICES: slices,
      SPLIT: slices > 1,
      GRID_X: grid[0],
    },
    tensors: present(kernel, request, { ...tensors, ...keyName(drops(request)) }),
    grid,
  };
}

/**
 * Returns the launch for dW_hh and db_hh. A tile has rows of n, or rows of the other gates, but not
 * both. If only db_hh is wanted, it is a sum over the rows.
 */
function planWeightGradient(request: PlanRequest, da: string): Launch[] {
  const { dims, has, accumulate, target } = request;
  const { T, N, H } = dims;
  const ROWS = T * N;
  if (!has('dweight_hh'))
    return has('dbias_hh')
      ? planColumnSums({ M: 3 * H, K: ROWS }, da, 'dbias_hh', accumulate.includes('dbias_hh'))
      : [];
  const chosen = chooseVariant(
    { layout: 'TN', M: 3 * H, P: H, K: ROWS },
    { parallelism: target.parallelism, ...(target.kind ? { kind: target.kind } : {}) },
  );
  const [rows, columns, slices] = [Math.min(8, chosen.rows), Math.min(8, chosen.columns), chosen.slices];
  const gateTiles = Math.ceil((2 * H) / rows);
  const down = gateTiles + Math.ceil(H / rows);
  const across = Math.ceil(H / columns);
  const size = Math.max(1, rulesOf(target).tilesOfWorkgroup / slices);
  const x = Math.min(powerOfTwo(across), size === 64 ? 8 : 4, size);
  const y = size / x;
  return [
    {
      kernel: withOperands(
        kernels.weightGradient(H % 4 === 0, { rows, columns, half: target.half !== undefined }),
        target.half,
      ),
      constants: {
        H,
        ROWS,
        GATE_TILES: gateTiles,
        TILE_ROWS: rows,
        TILE_COLUMNS: columns,
        COLUMN_STEP: 4,
        BLOCKS: Math.ceil(ROWS / (4 * slices)),
        SLICES: slices,
        SPLIT: slices > 1,
        WORKGROUP_X: x,
        WORKGROUP_Y: y,
        ADD_WEIGHT: accumulate.includes('dweight_hh'),
        ADD_BIAS: accumulate.includes('dbias_hh'),
      },
      tensors: { da, x: masksState(request) ? 'masked' : 'h' },
      grid: [Math.ceil(across / x), Math.ceil(down / y), 1],
    },
  ];
}

/** Returns the smallest power of two that is at least `count`. */
function powerOfTwo(count: number): number {
  return 2 ** Math.ceil(Math.log2(count));
}
