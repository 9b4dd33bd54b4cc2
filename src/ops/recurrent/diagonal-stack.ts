import type { Constants, Kernel, Launch, VariantChoice } from '../../plan/kernel.js';
import type { ChainCall } from '../../plan/chaining.js';
import type { PlanRequest } from '../../plan/planner.js';
import { alignElements } from '../../plan/tensor.js';
import { takeVariant } from '../../plan/variants.js';
import { withOperands } from '../lib/operands.js';
import { parseVariant, variantName, type Variant } from '../matmul/variants.js';
import type { DiagonalCell } from './diagonal-kernels.js';
import { chooseStep, tileLayout, type StepProduct, type TileLayout } from './steps.js';

/** The steps of the layers of a stack in one phase. */
export interface DiagonalLayers extends DiagonalCell {
  /** G: number of blocks of H rows in weight_hh. */
  readonly gates: number;
  /** Constants of a step. Default: none. */
  readonly constants?: (request: PlanRequest) => Constants;
}

/** Calls of a recurrent op, the lowest layer first, and the `linear` calls between them. */
export interface Stack {
  readonly layers: readonly ChainCall[];
  readonly links: readonly ChainCall[];
}

/**
 * Returns whether diagonals can compute these layers: several steps in one direction, the same sizes
 * and settings, no dropout of either kind, and all weights in one tensor.
 */
export function isStack({ layers, links }: Stack): boolean {
  const [{ request, place }] = layers;
  const { dims, attributes } = request;
  const { reverse, dropout, recurrentDropout, variant, reset } = attributes;
  const weights = place('weight_hh')?.root;
  const settings = (each: ChainCall): string => {
    const own = { ...each.request.attributes, site: 0 };
    return JSON.stringify([own, each.request.dims, each.request.has('bias_hh'), each.place('lengths')]);
  };
  const inOne = (each: ChainCall, names: readonly string[]): boolean =>
    names.every((name) => (each.place(name)?.root ?? weights) === weights);
  return (
    dims.T > 1 &&
    !reverse &&
    dropout === 0 &&
    recurrentDropout === 0 &&
    variant !== 'simple' &&
    reset !== 'before' &&
    layers.every((each) => settings(each) === settings(layers[0])) &&
    layers.every((each) => inOne(each, ['weight_hh', 'bias_hh'])) &&
    links.every(
      (each) =>
        each.request.dims.K === dims.H &&
        each.request.has('bias') === links[0].request.has('bias') &&
        inOne(each, ['weight', 'bias']),
    )
  );
}

/**
 * Returns whether no layer reads, before the first diagonal, what another one writes after the last.
 * For example, a layer can begin with the final state of another.
 */
export function areApart(
  layers: readonly ChainCall[],
  first: readonly string[],
  last: readonly string[],
): boolean {
  const rootsOf = ({ place }: ChainCall, names: readonly string[]): string[] =>
    names.flatMap((name) => place(name)?.root ?? []);
  return layers.every((each) => {
    const others = layers.filter((other) => other !== each);
    const written = new Set(others.flatMap((other) => rootsOf(other, last)));
    return rootsOf(each, first).every((root) => !written.has(root));
  });
}

/** Number of elements of a tensor of one layer, by its name. */
export type Sizes = Readonly<Record<string, number>>;

/** Returns the sizes of those of the tensors that the call of a layer has. */
export function sizesOf({ place }: ChainCall, names: readonly string[]): Sizes {
  return Object.fromEntries(
    names.flatMap((name) => {
      const found = place(name);
      return found ? [[name, found.elements]] : [];
    }),
  );
}

/** Returns whether the device allows tensors that have this number of parts each. */
export function fit(parts: Readonly<Record<string, number>>, elements: Sizes, request: PlanRequest): boolean {
  const { maxTensorBytes = Infinity } = request.target;
  return Object.entries(parts).every(
    ([name, count]) => 4 * count * alignElements(elements[name]) <= maxTensorBytes,
  );
}

/** The variant in which each layer has its own launches. */
const EACH = 'each';
const DIAGONAL = 'diagonal ';

/**
 * Chooses between the launches of each layer, which is the rule, and diagonals.
 * @returns the choice, and the tiles of the diagonals if they are chosen
 */
export function chooseLayers(
  { layers }: Stack,
  { name }: DiagonalCell,
  product: StepProduct,
): { readonly choice: VariantChoice; readonly tiles?: Variant } {
  const { request } = layers[0];
  const { T, N, H } = request.dims;
  const choice = takeVariant(
    `layers ${name}/${product.phase} ${layers.length}x${T}x${N}x${H}`,
    EACH,
    [`${DIAGONAL}${variantName(chooseStep(request, product))}`],
    request.target,
  );
  if (choice.taken === EACH) return { choice };
  return { choice, tiles: parseVariant(choice.taken.slice(DIAGONAL.length), 'NN') };
}

/** What the launches of all diagonals share. */
interface Diagonals {
  readonly product: StepProduct;
  readonly tiles: Variant;
  readonly sizes: Sizes;
  /** First elements of the lowest layer, where a tensor has other parts before it. Default: 0. */
  readonly bases?: Sizes;
  readonly constants: Constants;
  readonly kernelOf: (layout: TileLayout) => Kernel;
}

/**
 * Returns one launch for each diagonal: T + L − 1 for T steps of L layers. Forward, the first diagonal
 * is the first step of the lowest layer; backward, it is the last step of the highest layer.
 */
export function planDiagonals(
  { layers, links }: Stack,
  { product, tiles, sizes, bases = {}, constants, kernelOf }: Diagonals,
): Launch[] {
  const { request } = layers[0];
  const { T } = request.dims;
  const L = layers.length;
  const layout = tileLayout(request, product, tiles);
  const all: Constants = {
    ...layout.constants,
    DIAGONAL: true,
    QUADS: layout.body === 'quad',
    ...(layout.body === 'quad' ? { SPLIT: false } : {}),
    HAS_KEY: false,
    ...constants,
    ...Object.fromEntries(
      Object.entries(sizes).flatMap(([name, elements]) => [
        [`${name.toUpperCase()}_BASE`, bases[name] ?? 0],
        [`${name.toUpperCase()}_STRIDE`, alignElements(elements)],
      ]),
    ),
    ...placesOf('WEIGHT_HH', layers, 'weight_hh', 0),
    ...placesOf('WEIGHT_IH', links, 'weight', 1),
  };
  const kernel = withOperands(kernelOf(layout), request.target.half);
  return Array.from({ length: T + L - 1 }, (_, diagonal) => {
    const before = Math.max(0, diagonal - T + 1); // layers that have no steps left
    const layersHere = Math.min(L - 1, diagonal) - before + 1;
    return {
      kernel,
      constants: all,
      uniforms: {
        diagonal,
        ...(product.phase === 'forward' ? { lowest: before } : { highest: L - 1 - before }),
      },
      grid: [layout.grid[0], layout.grid[1], layersHere],
    };
  });
}

/** Returns the first element of each call's tensor, as the constants NAME_0, NAME_1 and so on. */
export function placesOf(
  constant: string,
  calls: readonly ChainCall[],
  tensor: string,
  first: number,
): Constants {
  return Object.fromEntries(
    calls.flatMap(({ place }, i) => {
      const found = place(tensor);
      return found ? [[`${constant}_${first + i}`, found.offset]] : [];
    }),
  );
}
