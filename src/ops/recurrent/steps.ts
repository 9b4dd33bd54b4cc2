import { lineGrid, type Constants, type Kernel, type Launch, type VariantChoice } from '../../plan/kernel.js';
import type { PlanRequest } from '../../plan/planner.js';
import { takeVariant } from '../../plan/variants.js';
import { WORKGROUP } from '../lib/elementwise.js';
import { withOperands } from '../lib/operands.js';
import type { TileSize } from '../lib/register-tiles.js';
import { rulesOf } from '../lib/rules.js';
import {
  LEAST_SLICE,
  SLICES,
  chooseVariant,
  parseVariant,
  variantName,
  type Variant,
} from '../matmul/variants.js';
import type { StepBody, StepKernel } from './kernels.js';
import { drops, keyName, present, windowConstants, type Names } from './plan.js';
import { chosenWindow, fitsWindow, WINDOW_ROWS, windowGeometry, windowName, windowRows } from './window.js';

/** The product of a time step. */
export interface StepProduct {
  /** Number of sums for each unit: 1, or one for each gate. */
  readonly products: 1 | 3 | 4;
  /** G: number of blocks of H rows in weight_hh. */
  readonly gates: number;
  /**
   * `forward` multiplies rows of states by weight_hhᵀ, `backward` rows of gradients [N,G*H] by
   * weight_hh.
   */
  readonly phase: 'forward' | 'backward';
  readonly constants?: Constants;
}

/** What determines the launches of the time steps. */
export interface StepPlan extends StepProduct {
  readonly kernelOf: StepKernel;
  /** Tensors of bindings, if their names differ. */
  readonly tensors: Names;
  /** The same for one launch of all steps. Default: `tensors`. */
  readonly windowTensors?: Names;
}

/**
 * Returns one launch for each time step, in the order of computation, or one for all of them. The rules
 * choose the variant, unless the target names one for windows of this size.
 */
export function planSteps(request: PlanRequest, plan: StepPlan): Launch[] {
  const { T } = request.dims;
  if (request.attributes.variant === 'simple') return eachStep(request, plan, simpleStep(request, plan));
  const choice = choiceOf(request, plan);
  const rows = windowRows(choice.taken);
  if (rows !== undefined) return [{ ...windowLaunch(request, plan, rows), choice }];
  const step =
    choice.taken === 'simple'
      ? simpleStep(request, plan)
      : tiledStep(request, plan, parseVariant(choice.taken, 'NN'));
  return eachStep(request, plan, { ...step, choice: { ...choice, launches: T } });
}

function eachStep(request: PlanRequest, plan: StepPlan, step: Launch): Launch[] {
  const { T } = request.dims;
  return Array.from({ length: T }, (_, i) => ({
    ...step,
    uniforms: { t: goesUp(request, plan) ? i : T - 1 - i },
  }));
}

/** Whether the first launch computes t = 0. */
function goesUp({ attributes }: PlanRequest, { phase }: StepPlan): boolean {
  return (attributes.reverse === true) !== (phase === 'forward');
}

function choiceOf(request: PlanRequest, plan: StepPlan): VariantChoice {
  const { dims, target } = request;
  const { T, N, H } = dims;
  const { name } = plan.kernelOf('simple', false, { rows: 1, columns: 4 });
  const windows = WINDOW_ROWS.filter((rows) => isWindow(request, plan, rows));
  const preferred = chosenWindow(request.dims, plan.gates, target);
  const rule = windows.includes(preferred) ? windowName(preferred) : variantName(chooseStep(request, plan));
  return takeVariant(
    `steps ${name} ${T}x${N}x${H}`,
    rule,
    [
      variantName(chooseStep(request, plan)),
      ...offeredSteps(request, plan).map(variantName),
      'simple',
      ...windows.map(windowName),
    ],
    target,
  );
}

function innerOf({ dims: { H } }: PlanRequest, { gates, phase }: StepProduct): number {
  return phase === 'forward' ? H : gates * H;
}

/**
 * Returns the rules' variant for the product of a step. An invocation computes `rows` batch rows of
 * `columns` units, at most eight, and a quad sixteen. With several gates, an invocation computes all
 * gates of four units.
 */
export function chooseStep(request: PlanRequest, plan: StepProduct): Variant {
  const { N, H } = request.dims;
  const { products } = plan;
  const { kernel, rows, columns, slices } = chooseVariant(
    { layout: 'NN', M: N, P: products * H, K: innerOf(request, plan) },
    request.target,
  );
  if (kernel === 'quads')
    return { kernel, rows: products > 1 ? 4 : Math.min(rows, 8), columns: 16, slices: 1 };
  return {
    kernel,
    rows: Math.min(rows, 8),
    columns: products === 1 ? Math.min(columns, 8) : 4,
    slices: rulesOf(request.target).splitsSteps ? slices : 1,
  };
}

/** Returns other variants for the product of a step: see `offeredVariants`. */
function offeredSteps(request: PlanRequest, plan: StepPlan): Variant[] {
  const { dims, target } = request;
  const { N, H } = dims;
  const { products } = plan;
  const { splitsSteps, splitLanes } = rulesOf(target);
  const inner = innerOf(request, plan);
  const quads = target.quads ? (products === 1 ? [4, 8] : [4]).filter((rows) => rows < 2 * N) : [];
  const sizes = [1, 4, 8]
    .filter((rows) => rows < 2 * N && (rows > 1 || N < 8))
    .flatMap((rows) => (products === 1 ? [4, 8] : [4]).map((columns) => [rows, columns]));
  return [
    ...quads.map((rows): Variant => ({ kernel: 'quads', rows, columns: 16, slices: 1 })),
    ...sizes.flatMap(([rows, columns]) => {
      const tiles = Math.ceil(N / rows) * Math.ceil(H / columns);
      return SLICES.filter(
        (slices) =>
          slices === 1 || (splitsSteps && inner / slices >= LEAST_SLICE && tiles * slices <= 4 * splitLanes),
      ).map((slices): Variant => ({ kernel: rows === 1 ? 'rows' : 'tiled', rows, columns, slices }));
    }),
  ];
}

function stepConstants(request: PlanRequest, { products, gates, phase, constants }: StepProduct): Constants {
  const { H } = request.dims;
  const forward = phase === 'forward';
  return {
    ...windowConstants(request),
    DIAGONAL: false,
    ...constants,
    GATES: gates,
    INNER: forward ? H : gates * H,
    TRANSPOSED_B: forward,
    PRODUCTS_3: products >= 3,
    PRODUCTS_4: products === 4,
  };
}

/**
 * Whether one launch can compute all steps: its operands fit into workgroup memory, and it binds no
 * more buffers than every device allows, or than a step binds.
 */
function isWindow(request: PlanRequest, plan: StepPlan, rows: number): boolean {
  const { dims, target } = request;
  if (!fitsWindow(dims, { rows, inner: innerOf(request, plan) }, target)) return false;
  const bound = (launch: Launch): number =>
    Object.values(launch.tensors ?? {}).filter((name) => name !== undefined).length;
  const most = Math.max(GRANTED, bound(simpleStep(request, plan)));
  return bound(windowLaunch(request, plan, rows)) <= most;
}

/** Storage buffers that every WebGPU device allows in a kernel. */
const GRANTED = 8;

/** Returns the launch that computes all steps. */
function windowLaunch(request: PlanRequest, plan: StepPlan, rows: number): Launch {
  const { N, H } = request.dims;
  const { products } = plan;
  const inner = innerOf(request, plan);
  const { across, slices } = windowGeometry(request.dims, { rows, inner }, request.target);
  const blocks = Math.ceil(inner / (4 * slices));
  const vectorised = H % 4 === 0;
  const kernel = kernelOf(request, plan, 'window', vectorised, { rows, columns: 4 * products });
  return {
    kernel,
    constants: {
      ...stepConstants(request, plan),
      WHOLE_WINDOW: true,
      UPWARDS: goesUp(request, plan),
      VEC: vectorised,
      COLUMN_STEP: products === 1 ? 4 : H,
      BLOCKS: blocks,
      MASK_K: blocks * 4 * slices !== inner,
      TILE_ROWS: rows,
      TILE_UNITS: 4,
      ...(products === 1 ? { TILE_COLUMNS: 4 } : {}),
      ONE_ROW: rows === 1,
      SLICES: slices,
      SPLIT: slices > 1,
      WORKGROUP_X: across,
      WORKGROUP_Y: 1,
    },
    tensors: stepTensors(kernel, request, { ...plan, tensors: plan.windowTensors ?? plan.tensors }),
    grid: [1, Math.ceil(N / rows), 1],
  };
}

/** Returns the kernel of a step in the target's precision of operands. */
function kernelOf(
  { target: { half } }: PlanRequest,
  plan: StepPlan,
  body: StepBody,
  vectorised: boolean,
  tile: TileSize,
): Kernel {
  return withOperands(plan.kernelOf(body, vectorised, { ...tile, half: half !== undefined }), half);
}

function stepTensors(kernel: Kernel, request: PlanRequest, { tensors }: StepPlan): Names {
  return present(kernel, request, { ...tensors, ...keyName(drops(request)) });
}

/** Returns the launch of a step in plain loops, with an invocation for every four units of a batch row. */
function simpleStep(request: PlanRequest, plan: StepPlan): Launch {
  const { N, H } = request.dims;
  const FOURS = Math.ceil(H / 4);
  const grid = lineGrid(N * FOURS, WORKGROUP);
  const constants = { ...stepConstants(request, plan), VEC: false, FOURS, WORKGROUP, GRID_X: grid[0] };
  const kernel = kernelOf(request, plan, 'simple', false, { rows: 1, columns: 4 });
  return { kernel, constants, tensors: stepTensors(kernel, request, plan), grid };
}

/**
 * Returns the launch of a step in register tiles: one for each invocation, or for each quad. If there
 * are few tiles, several invocations share the sum over k.
 */
function tiledStep(request: PlanRequest, plan: StepPlan, variant: Variant): Launch {
  const { body, vectorised, tile, constants, grid } = tileLayout(request, plan, variant);
  const kernel = kernelOf(request, plan, body, vectorised, tile);
  return { kernel, constants, tensors: stepTensors(kernel, request, plan), grid };
}

/** The layout of a step's product in register tiles. */
export interface TileLayout {
  readonly body: 'quad' | 'row' | 'tile';
  readonly vectorised: boolean;
  readonly tile: TileSize;
  readonly constants: Constants;
  readonly grid: Launch['grid'];
}

export function tileLayout(request: PlanRequest, plan: StepProduct, variant: Variant): TileLayout {
  const { N, H } = request.dims;
  const { products } = plan;
  const inner = innerOf(request, plan);
  const quad = variant.kernel === 'quads';
  const { rows, columns: units, slices } = variant;
  const columns = quad ? 16 * products : products === 1 ? units : 4 * products;
  const blocks = Math.ceil(inner / (4 * slices));
  const [x, y] = quad ? [1, 4] : workgroupOf(Math.ceil(N / rows), Math.ceil(H / units), slices);
  const vectorised = H % 4 === 0;
  return {
    body: quad ? 'quad' : rows === 1 ? 'row' : 'tile',
    vectorised,
    tile: { rows, columns, half: request.target.half !== undefined },
    constants: {
      ...stepConstants(request, plan),
      VEC: vectorised,
      COLUMN_STEP: products === 1 ? 4 : H,
      BLOCKS: blocks,
      MASK_K: blocks * 4 * slices !== inner,
      TILE_ROWS: rows,
      ...(products === 1 ? { TILE_COLUMNS: units } : {}),
      ...(quad
        ? {}
        : {
            TILE_UNITS: units,
            ONE_ROW: rows === 1,
            SLICES: slices,
            SPLIT: slices > 1,
            WORKGROUP_X: x,
            WORKGROUP_Y: y,
          }),
    },
    grid: [Math.ceil(H / (units * x)), Math.ceil(N / (rows * y)), 1],
  };
}

/**
 * Returns the numbers of a workgroup's invocations across units and down rows. There are at least two
 * workgroups, so that a device with few cores uses more than one.
 */
function workgroupOf(tilesDown: number, tilesAcross: number, slices: number): readonly [number, number] {
  const size = Math.min(64 / slices, 2 ** Math.ceil(Math.log2(Math.max(1, (tilesDown * tilesAcross) / 2))));
  const y = Math.min(size, 2 ** Math.floor(Math.log2(tilesDown)));
  return [Math.max(1, size / y), y];
}
