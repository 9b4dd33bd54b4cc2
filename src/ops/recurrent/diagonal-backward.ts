import type { Launch } from '../../plan/kernel.js';
import type { ChainCall, Chaining, ChainLaunch, ChainPlan, ChainTensor } from '../../plan/chaining.js';
import type { PlanRequest } from '../../plan/planner.js';
import { alignElements } from '../../plan/tensor.js';
import { backwardDiagonalKernel, type FinalGradients } from './diagonal-kernels.js';
import {
  areApart,
  chooseLayers,
  fit,
  isStack,
  planDiagonals,
  type DiagonalLayers,
  type Sizes,
  type Stack,
} from './diagonal-stack.js';
import { gradientsName } from './plan.js';
import type { StepProduct } from './steps.js';

/** The backward layers of a stack. Among the tensors that steps write is `da`. */
export interface BackwardLayers extends DiagonalLayers {
  readonly products: 1;
  readonly finals: FinalGradients;
  /** The launch before the first step of a layer whose final states have gradients, else none. */
  readonly begin: (request: PlanRequest) => readonly Launch[];
  /** The launches after the last step: gradients of initial states, weights and biases. */
  readonly after: (request: PlanRequest) => readonly Launch[];
}

/**
 * Plans the backward layers of a stack together. Step t of a layer and step t + 1 of the layer below
 * it do not depend on each other, so one launch computes all steps on a diagonal. The steps of lower
 * layers also compute the gradient of their outputs, which `linear` computes otherwise. Gradients of
 * weights stay large products after the last step.
 */
export function diagonalBackward(cell: BackwardLayers): Chaining {
  return {
    gives: 'dprojected',
    takes: 'dy',
    link: { op: 'linear', reads: 'dy', writes: 'dx' },
    plan: ({ members, links }) => {
      const stack = { layers: [...members].reverse(), links: [...links].reverse() };
      if (!isStack(stack) || !canStepTogether(stack)) return undefined;
      const tensors = tensorsOf(stack.layers, cell);
      return tensors && planStack(stack, cell, tensors);
    },
  };
}

/** Whether all layers can begin at once, and no step stores more than its gradients. */
function canStepTogether({ layers }: Stack): boolean {
  return (
    layers.every(({ request }) => !request.has('dh')) &&
    areApart(layers, ['dy', 'dhn', 'dcn'], ['dh0', 'dc0', 'dh0_learned', 'dc0_learned'])
  );
}

/** The tensors of all layers, each as one tensor. */
interface StackTensors {
  readonly joined: Readonly<Record<string, readonly ChainTensor[]>>;
  readonly others: Readonly<Record<string, ChainTensor & { readonly whole: true }>>;
  /** Their sizes in one layer. */
  readonly sizes: Sizes;
  /** First elements of the lowest layer in `others`. */
  readonly bases: Sizes;
}

/**
 * Finds the tensors of all layers that can be one. What forward has stored may be one already.
 * @returns undefined if the launches cannot bind them so, or the device does not allow their size
 */
function tensorsOf(layers: readonly ChainCall[], cell: BackwardLayers): StackTensors | undefined {
  const { request } = layers[0];
  const sizes: Record<string, number> = {};
  const memberOf = (l: number): number => layers.length - 1 - l;
  const joined: Record<string, readonly ChainTensor[]> = {};
  const others: Record<string, ChainTensor & { readonly whole: true }> = {};
  const bases: Record<string, number> = {};
  for (const name of [...cell.reads, ...cell.writes]) {
    const own = layers.map((each) => (name === 'da' ? gradientsName(each.request) : name));
    const places = layers.map(({ place }, l) => place(own[l]));
    const [lowest] = places;
    if (!lowest) return undefined;
    sizes[name] = lowest.elements;
    if (places.every((place) => place?.joinable === true))
      joined[name] = own.map((tensor, l) => ({ tensor, member: memberOf(l) }));
    else {
      const stride = alignElements(lowest.elements);
      const isOne = places.every(
        (place, l) => place?.root === lowest.root && place.offset === lowest.offset + l * stride,
      );
      if (!isOne || cell.writes.includes(name)) return undefined;
      others[name] = { tensor: name, member: memberOf(0), whole: true };
      bases[name] = lowest.offset;
    }
  }
  const parts = Object.fromEntries(Object.keys(joined).map((name) => [name, layers.length]));
  return fit(parts, sizes, request) ? { joined, others, sizes, bases } : undefined;
}

function planStack(stack: Stack, cell: BackwardLayers, tensors: StackTensors): ChainPlan {
  const { joined, others, sizes, bases } = tensors;
  const { layers, links } = stack;
  const { request } = layers[0];
  const L = layers.length;
  const memberOf = (l: number): number => L - 1 - l;
  const constants = cell.constants?.(request) ?? {};
  const product: StepProduct = { products: 1, gates: cell.gates, phase: 'backward', constants };
  const { choice, tiles } = chooseLayers(stack, cell, product);
  if (!tiles) return { choice };
  const begins = layers.map((each) => cell.begin(each.request));
  const FINAL = begins.some((launches) => launches.length > 0);
  const diagonals = planDiagonals(stack, {
    ...{ product, tiles, sizes, bases },
    constants: {
      LAYERS: L,
      ONE_LEFT: cell.left === 'da',
      HAS_DH: false,
      HAS_DHN: FINAL,
      FINAL,
      ...(FINAL ? Object.fromEntries(begins.map((launches, l) => [`FINAL_OF_${l}`, launches.length])) : {}),
    },
    kernelOf: (layout) => backwardDiagonalKernel(cell, cell.finals, layout, L),
  });
  // As in the plan of each layer, since gradients may be added to what an earlier call has written.
  const after = [...layers]
    .reverse()
    .flatMap((each, member): ChainLaunch[] => [
      ...cell.after(each.request).map((launch) => ({ member, launch })),
      ...(member < links.length
        ? links[links.length - 1 - member].planWithout('dx').map((launch) => ({ link: member, launch }))
        : []),
    ]);
  return {
    choice,
    together: {
      launches: [
        ...begins.flatMap((launches, l) => launches.map((launch) => ({ member: memberOf(l), launch }))),
        ...diagonals.map((launch) => ({ launch })),
        ...after,
      ],
      joined,
      others: {
        ...others,
        dy: { tensor: 'dy', member: memberOf(L - 1) },
        weights: { tensor: 'weight_hh', member: memberOf(0), whole: true },
        lengths: { tensor: 'lengths', member: memberOf(0) },
      },
    },
  };
}
