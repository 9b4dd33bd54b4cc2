import { dropoutStream, dropThreshold } from '../../core/dropout.js';
import { lineGrid, type Constants, type Kernel, type Launch } from '../../plan/kernel.js';
import type { PlanRequest } from '../../plan/op.js';
import { WORKGROUP } from '../lib/elementwise.js';
import { planColumnSums, planProduct } from '../matmul/product.js';
import { takeVariant } from '../../plan/variants.js';
import { rulesOf } from '../lib/rules.js';
import {
  LEAST_SLICE,
  SLICES,
  chooseVariant,
  parseVariant,
  variantName,
  type Variant,
} from '../matmul/variants.js';
import { begin, finish, type StepKernel } from './kernels.js';

/** Kernel binding → tensor, where they have not the same name; undefined leaves a binding out. */
export type Names = Readonly<Record<string, string | undefined>>;

/**
 * Tensors of all bindings of a kernel that cells with other contracts share: those that the call
 * has, and undefined for the others.
 */
export function present({ bindings }: Kernel, { has }: PlanRequest, tensors: Names): Names {
  return Object.fromEntries(
    Object.keys(bindings).map((binding) => {
      const name = binding in tensors ? tensors[binding] : binding;
      return [binding, name !== undefined && has(name) ? name : undefined];
    }),
  );
}

/**
 * Whether the layer drops recurrent units, so that the operand of its product is `masked` and not
 * the state itself.
 */
export function masksState({ attributes }: PlanRequest): boolean {
  return attributes.recurrentDropout !== 0;
}

/** The masked copy of the states is bound only where there is a mask. */
export function maskedName(request: PlanRequest): Names {
  return masksState(request) ? {} : { masked: undefined };
}

/** Constants that shaders/recurrent/window.wgsl and masks.wgsl want. */
export function windowConstants({ dims: { T, N, H }, attributes }: PlanRequest): Constants {
  const { reverse, dropout, recurrentDropout, site } = attributes as {
    reverse: boolean;
    dropout: number;
    recurrentDropout: number;
    site: number;
  };
  const mask = (prefix: string, rate: number, recurrent: boolean): Constants =>
    rate === 0
      ? { [`${prefix}_DROP`]: 0 }
      : {
          [`${prefix}_DROP`]: dropThreshold(rate),
          [`${prefix}_SCALE`]: 1 / (1 - rate),
          [`${prefix}_STREAM`]: dropoutStream({ site, recurrent }),
        };
  return {
    T,
    N,
    H,
    REVERSE: reverse,
    ...mask('OUTPUT', dropout, false),
    ...mask('RECURRENT', recurrentDropout, true),
  };
}

/** A kernel with masks binds `key` only where there is something to drop. */
export function keyName(drops: boolean): Names {
  return drops ? {} : { key: undefined };
}

/** One launch with an invocation for each element of a state [N,H]; `VEC` is false. */
export function stateLaunch(
  kernel: Kernel,
  request: PlanRequest,
  tensors: Names,
  constants: Constants = {},
): Launch {
  const { N, H } = request.dims;
  const grid = lineGrid(N * H, WORKGROUP);
  return {
    kernel,
    constants: { ...windowConstants(request), VEC: false, ...constants, WORKGROUP, GRID_X: grid[0] },
    tensors: present(kernel, request, tensors),
    grid,
  };
}

/** The launch before the first step, for states in the tensor `states`. */
export function planBegin(request: PlanRequest, states: string): Launch {
  const masks = { ...maskedName(request), ...keyName(masksState(request)) };
  return stateLaunch(begin, request, { states, lengths: undefined, ...masks });
}

/** The launch after the last step. */
export function planFinish(request: PlanRequest, states: string): Launch {
  return stateLaunch(finish, request, { states });
}

/** What decides the launches of the time steps. */
export interface StepPlan {
  readonly kernelOf: StepKernel;
  /** Tensors of bindings that are not called like them. */
  readonly tensors: Names;
  /** Sums per unit: 1, or one for each gate. */
  readonly products: 1 | 3 | 4;
  /** G: blocks of H rows that weight_hh has. */
  readonly gates: number;
  /**
   * `forward` multiplies rows of states by weight_hhᵀ, `backward` rows of gradients [N,G*H] by
   * weight_hh.
   */
  readonly phase: 'forward' | 'backward';
  readonly constants?: Constants;
}

/** One launch for each time step, in the order of the walk. */
export function planSteps(request: PlanRequest, plan: StepPlan): Launch[] {
  const { T } = request.dims;
  const step = stepLaunch(request, plan);
  const upwards = (request.attributes.reverse === true) !== (plan.phase === 'forward');
  return Array.from({ length: T }, (_, i) => ({ ...step, uniforms: { t: upwards ? i : T - 1 - i } }));
}

/** The step in the variant of the rules, unless the target has another for steps of this size. */
function stepLaunch(request: PlanRequest, plan: StepPlan): Launch {
  if (request.attributes.variant === 'simple') return simpleStep(request, plan);
  const { N, H } = request.dims;
  const { name } = plan.kernelOf('simple', false, { rows: 1, columns: 4 });
  const offered = [...offeredSteps(request, plan).map(variantName), 'simple'];
  const choice = takeVariant(
    `step ${name} ${N}x${H}`,
    variantName(chooseStep(request, plan)),
    offered,
    request.target,
  );
  const step =
    choice.taken === 'simple'
      ? simpleStep(request, plan)
      : tiledStep(request, plan, parseVariant(choice.taken, 'NN'));
  return { ...step, choice };
}

function innerOf({ dims: { H } }: PlanRequest, { gates, phase }: StepPlan): number {
  return phase === 'forward' ? H : gates * H;
}

/**
 * The variant of the step's product: `rows` of the batch and `columns` units, of which an invocation
 * has at most eight, and a quad sixteen. Of several gates, an invocation has the same four units
 * each.
 */
function chooseStep(request: PlanRequest, plan: StepPlan): Variant {
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

/** What else computes a step: see `offeredVariants`. */
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

function stepConstants(request: PlanRequest, { products, gates, phase, constants }: StepPlan): Constants {
  const { H } = request.dims;
  const forward = phase === 'forward';
  return {
    ...windowConstants(request),
    ...constants,
    GATES: gates,
    INNER: forward ? H : gates * H,
    TRANSPOSED_B: forward,
    PRODUCTS_3: products >= 3,
    PRODUCTS_4: products === 4,
  };
}

/** Whether a step makes a mask of either kind. */
export function drops({ attributes: { dropout, recurrentDropout } }: PlanRequest): boolean {
  return dropout !== 0 || recurrentDropout !== 0;
}

function stepTensors(kernel: Kernel, request: PlanRequest, { tensors }: StepPlan): Names {
  return present(kernel, request, { ...tensors, ...keyName(drops(request)) });
}

/** An invocation for every four units of a batch row. */
function simpleStep(request: PlanRequest, plan: StepPlan): Launch {
  const { N, H } = request.dims;
  const FOURS = Math.ceil(H / 4);
  const grid = lineGrid(N * FOURS, WORKGROUP);
  const constants = { ...stepConstants(request, plan), VEC: false, FOURS, WORKGROUP, GRID_X: grid[0] };
  const kernel = plan.kernelOf('simple', false, { rows: 1, columns: 4 });
  return { kernel, constants, tensors: stepTensors(kernel, request, plan), grid };
}

/**
 * The recurrent product in register tiles: one per invocation, with k split over several where
 * there are few tiles, or one per quad.
 */
function tiledStep(request: PlanRequest, plan: StepPlan, variant: Variant): Launch {
  const { N, H } = request.dims;
  const { products } = plan;
  const inner = innerOf(request, plan);
  const quad = variant.kernel === 'quads';
  const { rows, columns: units, slices } = variant;
  const columns = quad ? 16 * products : products === 1 ? units : 4 * products;
  const blocks = Math.ceil(inner / (4 * slices));
  const [x, y] = quad ? [1, 4] : workgroupOf(Math.ceil(N / rows), Math.ceil(H / units), slices);
  const vectorised = H % 4 === 0;
  const kernel = plan.kernelOf(quad ? 'quad' : rows === 1 ? 'row' : 'tile', vectorised, { rows, columns });
  return {
    kernel,
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
            ONE_ROW: rows === 1,
            SLICES: slices,
            SPLIT: slices > 1,
            WORKGROUP_X: x,
            WORKGROUP_Y: y,
          }),
    },
    tensors: stepTensors(kernel, request, plan),
    grid: [Math.ceil(H / (units * x)), Math.ceil(N / (rows * y)), 1],
  };
}

/**
 * Invocations of a workgroup across units and down rows: two workgroups at least, so that a device
 * with few cores uses more than one.
 */
function workgroupOf(tilesDown: number, tilesAcross: number, slices: number): readonly [number, number] {
  const size = Math.min(64 / slices, 2 ** Math.ceil(Math.log2(Math.max(1, (tilesDown * tilesAcross) / 2))));
  const y = Math.min(size, 2 ** Math.floor(Math.log2(tilesDown)));
  return [Math.max(1, size / y), y];
}

/**
 * dW_hh, with db_hh in its epilogue: one product over all T·N rows. Where dW_hh is not wanted, db_hh
 * is a sum over the rows.
 * @param gradients rows [T*N,G*H] of gradients before the activations of the recurrent product
 * @param states tensor whose first T rows [N,H] the steps have read
 */
export function planWeightGradient(
  request: PlanRequest,
  gates: number,
  gradients: string,
  states: string,
): Launch[] {
  const { dims, has, accumulate, target } = request;
  const { T, N, H } = dims;
  const addBias = accumulate.includes('dbias_hh');
  if (!has('dweight_hh'))
    return has('dbias_hh') ? planColumnSums({ M: gates * H, K: T * N }, gradients, 'dbias_hh', addBias) : [];
  const rowSums = has('dbias_hh') ? { rowSums: 'dbias_hh', accumulateRowSums: addBias } : {};
  const b = masksState(request) ? 'masked' : states;
  return planProduct({
    layout: 'TN',
    M: gates * H,
    P: H,
    K: T * N,
    a: gradients,
    b,
    c: 'dweight_hh',
    accumulate: accumulate.includes('dweight_hh'),
    target,
    ...rowSums,
  });
}

/**
 * Gradients of what the window started from, where somebody wants them: a launch for the initial
 * states, one for those that are learned.
 */
export function initialGradients(request: PlanRequest, kernel: Kernel, tensors: Names): Launch[] {
  const { has, accumulate, dims, attributes } = request;
  const names = { ...tensors, ...keyName(attributes.recurrentDropout !== 0) };
  const launches: Launch[] = [];
  if (has('dh0') || has('dc0'))
    launches.push(
      stateLaunch(
        kernel,
        request,
        { ...names, dh0_learned: undefined, dc0_learned: undefined },
        { LEARNED: false, ADD_LEARNED: false, ADD_C_LEARNED: false },
      ),
    );
  if (has('dh0_learned') || has('dc0_learned')) {
    const adds = {
      ADD_LEARNED: accumulate.includes('dh0_learned'),
      ADD_C_LEARNED: accumulate.includes('dc0_learned'),
    };
    const learned = stateLaunch(
      kernel,
      request,
      { ...names, dh0: undefined, dc0: undefined },
      { LEARNED: true, ...adds },
    );
    const grid = lineGrid(dims.H, WORKGROUP);
    launches.push({ ...learned, constants: { ...learned.constants, GRID_X: grid[0] }, grid });
  }
  return launches;
}
