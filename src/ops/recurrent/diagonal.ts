import type { Dims } from '../../core/notation.js';
import type { Constants, Launch } from '../../plan/kernel.js';
import type { Chaining, ChainCall, ChainPlan, ChainRequest, PlanRequest } from '../../plan/op.js';
import { alignElements } from '../../plan/tensor.js';
import { takeVariant } from '../../plan/variants.js';
import { parseVariant, variantName } from '../matmul/variants.js';
import { diagonalKernel, type DiagonalCell } from './diagonal-kernels.js';
import { planBegin, planFinish } from './plan.js';
import { chooseStep, tileLayout, type StepProduct } from './steps.js';

/** The layers of a stack: their steps, and the sizes of the tensors that these write. */
export interface DiagonalLayers extends DiagonalCell {
  /** G: number of blocks of H rows in weight_hh. */
  readonly gates: number;
  /** Number of elements of `states` and the `others`. */
  readonly elements: (dims: Dims) => Readonly<Record<string, number>>;
  readonly constants?: (request: PlanRequest) => Constants;
}

/** The variant in which each layer has its own launches. */
const EACH = 'each';
const DIAGONAL = 'diagonal ';

/**
 * Plans the layers of a stack in one direction together. The steps on a diagonal, step t of a layer
 * and step t − 1 of the layer above it, do not depend on each other, so one launch computes all of
 * them. T steps of L layers are T + L − 1 launches. The steps of upper layers also project their
 * inputs.
 * It supports layers without dropout of either kind, whose weights are parts of one tensor.
 */
export function diagonalForward(layers: DiagonalLayers): Chaining {
  return {
    gives: 'y',
    takes: 'projected',
    link: { op: 'linear', reads: 'x', writes: 'y' },
    plan: (chain) => (isStack(chain, layers) ? planStack(chain, layers) : undefined),
  };
}

function isStack({ members, links }: ChainRequest, { states, others }: DiagonalLayers): boolean {
  const [{ request, place }] = members;
  const { dims, attributes } = request;
  const { T, H } = dims;
  const { reverse, dropout, recurrentDropout, variant, reset } = attributes;
  const weights = place('weight_hh')?.root;
  const settings = (each: ChainCall): string => {
    const own = { ...each.request.attributes, site: 0 };
    return JSON.stringify([own, each.request.dims, each.request.has('bias_hh'), each.place('lengths')]);
  };
  const inOne = (each: ChainCall, names: readonly string[]): boolean =>
    names.every((name) => (each.place(name)?.root ?? weights) === weights);
  return (
    T > 1 &&
    !reverse &&
    dropout === 0 &&
    recurrentDropout === 0 &&
    variant !== 'simple' &&
    reset !== 'before' &&
    members.every((each) => settings(each) === settings(members[0])) &&
    members.every((each) => inOne(each, ['weight_hh', 'bias_hh'])) &&
    beginApart(members) &&
    members.every((each) => [states, ...others].every((name) => each.place(name)?.joinable === true)) &&
    members.slice(0, -1).every((each) => each.place('y')?.joinable === true) &&
    links.every(
      (each) =>
        each.request.dims.K === H &&
        each.request.has('bias') === links[0].request.has('bias') &&
        inOne(each, ['weight', 'bias']),
    )
  );
}

/**
 * Whether no layer begins with the final state of another: all begin before the first step of any.
 */
function beginApart(members: readonly ChainCall[]): boolean {
  const rootsOf = ({ place }: ChainCall, names: readonly string[]): string[] =>
    names.flatMap((name) => place(name)?.root ?? []);
  return members.every((each) => {
    const others = members.filter((other) => other !== each);
    const left = new Set(others.flatMap((other) => rootsOf(other, ['y', 'hn', 'cn'])));
    return rootsOf(each, ['h0', 'c0', 'keep']).every((root) => !left.has(root));
  });
}

function planStack(chain: ChainRequest, layers: DiagonalLayers): ChainPlan {
  const { members } = chain;
  const { request } = members[0];
  const { T, N, H } = request.dims;
  const L = members.length;
  const choice = takeVariant(
    `layers ${layers.name} ${L}x${T}x${N}x${H}`,
    EACH,
    [`${DIAGONAL}${variantName(chooseStep(request, productOf(layers, request)))}`],
    request.target,
  );
  if (choice.taken === EACH) return { choice };
  const all = members.map((_, l) => l);
  return {
    choice,
    together: {
      launches: [
        ...members.map((each, member) => ({ member, launch: planBegin(each.request, layers.states) })),
        ...diagonals(chain, layers, choice.taken.slice(DIAGONAL.length)).map((launch) => ({ launch })),
        ...members.map((each, member) => ({ member, launch: planFinish(each.request, layers.states) })),
      ],
      joined: {
        ...Object.fromEntries(
          [layers.states, ...layers.others].map((tensor) => [tensor, { tensor, members: all }]),
        ),
        y: { tensor: 'y', members: all.slice(0, -1) },
      },
      others: {
        projected: { tensor: 'projected', member: 0 },
        weights: { tensor: 'weight_hh', member: 0, whole: true },
        top: { tensor: 'y', member: L - 1 },
        lengths: { tensor: 'lengths', member: 0 },
      },
    },
  };
}

/**
 * Returns the product of a step. A GRU has a fourth sum: the contribution of the inputs to its new
 * state.
 */
function productOf({ products, gates, constants }: DiagonalLayers, request: PlanRequest): StepProduct {
  return {
    products: products === 3 ? 4 : products,
    gates,
    phase: 'forward',
    ...(constants ? { constants: constants(request) } : {}),
  };
}

/**
 * Returns one launch for each diagonal, from the first step of the lowest layer to the last of the
 * highest.
 */
function diagonals({ members, links }: ChainRequest, layers: DiagonalLayers, variant: string): Launch[] {
  const { request } = members[0];
  const { T, N, H } = request.dims;
  const L = members.length;
  const layout = tileLayout(request, productOf(layers, request), parseVariant(variant, 'NN'));
  const strides = { ...layers.elements(request.dims), y: T * N * H };
  const constants: Constants = {
    ...layout.constants,
    DIAGONAL: true,
    QUADS: layout.body === 'quad',
    ...(layout.body === 'quad' ? { SPLIT: false } : {}),
    HAS_MASKED: false,
    HAS_KEY: false,
    HAS_BIAS_HH: request.has('bias_hh'),
    HAS_BIAS_IH: links[0].request.has('bias'),
    ...Object.fromEntries(
      Object.entries(strides).map(([name, elements]) => [
        `${name.toUpperCase()}_STRIDE`,
        alignElements(elements),
      ]),
    ),
    ...placesOf('WEIGHT_HH', members, 'weight_hh', 0),
    ...placesOf('BIAS_HH', members, 'bias_hh', 0),
    ...placesOf('WEIGHT_IH', links, 'weight', 1),
    ...placesOf('BIAS_IH', links, 'bias', 1),
  };
  const kernel = diagonalKernel(layers, layout, L);
  return Array.from({ length: T + L - 1 }, (_, diagonal) => {
    const lowest = Math.max(0, diagonal - T + 1);
    const layersHere = Math.min(L - 1, diagonal) - lowest + 1;
    return {
      kernel,
      constants,
      uniforms: { diagonal, lowest },
      grid: [layout.grid[0], layout.grid[1], layersHere],
    };
  });
}

/**
 * Returns the first element of each layer's weight within the tensor of all, as constants of WGSL.
 */
function placesOf(constant: string, calls: readonly ChainCall[], tensor: string, first: number): Constants {
  return Object.fromEntries(
    calls.flatMap(({ place }, i) => {
      const found = place(tensor);
      return found ? [[`${constant}_${first + i}`, found.offset]] : [];
    }),
  );
}
