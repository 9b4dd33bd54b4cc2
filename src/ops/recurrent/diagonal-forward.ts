import type { Chaining, ChainPlan } from '../../plan/chaining.js';
import { forwardDiagonalKernel } from './diagonal-kernels.js';
import {
  areApart,
  chooseLayers,
  fit,
  isStack,
  placesOf,
  planDiagonals,
  sizesOf,
  type DiagonalLayers,
  type Stack,
} from './diagonal-stack.js';
import { planBegin, planFinish } from './plan.js';
import type { StepProduct } from './steps.js';

/**
 * Plans the forward layers of a stack together. Step t of a layer and step t − 1 of the layer above it
 * do not depend on each other, so one launch computes all steps on a diagonal. The steps of upper
 * layers also project their inputs.
 */
export function diagonalForward(cell: DiagonalLayers): Chaining {
  return {
    gives: 'y',
    takes: 'projected',
    link: { op: 'linear', reads: 'x', writes: 'y' },
    plan: ({ members, links }) => {
      const stack = { layers: members, links };
      return isStack(stack) && canJoin(stack, cell) ? planStack(stack, cell) : undefined;
    },
  };
}

/** Whether the tensors of all layers can be parts of one, and all layers can begin at once. */
function canJoin({ layers }: Stack, { writes }: DiagonalLayers): boolean {
  const [lowest] = layers;
  const parts = { ...Object.fromEntries(writes.map((name) => [name, layers.length])), y: layers.length - 1 };
  return (
    layers.every((each) => writes.every((name) => each.place(name)?.joinable === true)) &&
    layers.slice(0, -1).every((each) => each.place('y')?.joinable === true) &&
    areApart(layers, ['h0', 'c0', 'keep'], ['y', 'hn', 'cn']) &&
    fit(parts, sizesOf(lowest, [...writes, 'y']), lowest.request)
  );
}

function planStack(stack: Stack, cell: DiagonalLayers): ChainPlan {
  const { layers, links } = stack;
  const { left, writes, gates, products } = cell;
  const { request } = layers[0];
  const L = layers.length;
  const constants = cell.constants?.(request) ?? {};
  const product: StepProduct = {
    // A GRU has a fourth sum: the contribution of the inputs to its new state.
    ...{ products: products === 3 ? 4 : products, gates, phase: 'forward', constants },
  };
  const { choice, tiles } = chooseLayers(stack, cell, product);
  if (!tiles) return { choice };
  const diagonals = planDiagonals(stack, {
    ...{ product, tiles, sizes: sizesOf(layers[0], [...writes, 'y']) },
    constants: {
      ONE_LEFT: true,
      HAS_MASKED: false,
      HAS_BIAS_HH: request.has('bias_hh'),
      HAS_BIAS_IH: links[0].request.has('bias'),
      ...placesOf('BIAS_HH', layers, 'bias_hh', 0),
      ...placesOf('BIAS_IH', links, 'bias', 1),
    },
    kernelOf: (layout) => forwardDiagonalKernel(cell, layout, L),
  });
  const ofLayers = (tensor: string, count: number) =>
    Array.from({ length: count }, (_, member) => ({ tensor, member }));
  return {
    choice,
    together: {
      launches: [
        ...layers.map((each, member) => ({ member, launch: planBegin(each.request, left) })),
        ...diagonals.map((launch) => ({ launch })),
        ...layers.map((each, member) => ({ member, launch: planFinish(each.request, left) })),
      ],
      joined: {
        ...Object.fromEntries(writes.map((tensor) => [tensor, ofLayers(tensor, L)])),
        y: ofLayers('y', L - 1),
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
