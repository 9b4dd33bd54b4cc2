import { FACTS } from '../cells/facts.js';
import { cells, generalCells } from '../cells/index.js';
import { elementCount } from '../core/notation.js';
import { ops } from '../ops/index.js';
import type { GraphBuilder } from '../plan/graph.js';
import { present, type Tensor } from '../plan/tensor.js';
import { mergeDirections } from './merge.js';
import { directionsOf, suffixOf, type StackOptions } from './stack-options.js';
import { checkWindowSize } from './window-size.js';

/**
 * What a stack reads: features [T,N,C], ids [T,N] that stand for one-hot vectors, or what the lowest
 * layer of one direction makes of its inputs, W_ih·x_t + b_ih [T,N,G*H].
 */
export type StackInput =
  { readonly features: Tensor } | { readonly ids: Tensor } | { readonly projected: Tensor };

/**
 * Tensors that somebody wants to see: each hook is asked once for every layer and direction, and
 * returns a tensor of the shape given.
 */
export interface StackInspection {
  /** For dL/dh_t of every step, [T,N,H]; written by backward. */
  readonly dh?: (layer: number, direction: number, shape: readonly number[]) => Tensor;
  /** For what a cell's forward saves for backward, such as `gates`. Fused cells only. */
  readonly saved?: (name: string, layer: number, direction: number, shape: readonly number[]) => Tensor;
}

/** Everything that a stack needs beside its options and its input. */
export interface StackContext {
  /** What the names of its parameters begin with. */
  readonly prefix: string;
  /** By name, as declared by a ParameterLayout. */
  readonly parameters: Readonly<Record<string, Tensor>>;
  /** Initial states [N,H] by the names of `stackStates`. */
  readonly initial: Readonly<Record<string, Tensor>>;
  /**
   * Where final states go, by the same names. They may be the tensors of `initial`, and may be left
   * out.
   */
  readonly final: Readonly<Record<string, Tensor>>;
  /** `[N]`: 1 carries a row's states, 0 starts them anew; for one direction, or for each. */
  readonly keep?: Tensor | readonly (Tensor | undefined)[] | undefined;
  /** u32 [N]: time steps of each row, 1 to T. */
  readonly lengths?: Tensor | undefined;
  /** Number of the first of 2·L dropout masks, where a graph has several stacks. Default 0. */
  readonly firstSite?: number | undefined;
  /** u32 [2] = (seed, step). Dropout is on exactly where it is given. */
  readonly key?: Tensor | undefined;
  /**
   * Where the outputs of the last layer go, [T,N,D*H] (the last layer's T, and H for merges other
   * than `concat`).
   */
  readonly output?: Tensor | undefined;
  readonly inspect?: StackInspection | undefined;
}

/** What a stack gives. */
export interface StackOutput {
  /**
   * Outputs of the last layer, [T,N,D*H], zero at padded steps; pyramidal stacks have fewer steps
   * here, and merges other than `concat` have H features.
   */
  readonly y: Tensor;
  /** Time steps of each row in y, u32 [N]; undefined where all rows have all. */
  readonly lengths: Tensor | undefined;
}

/**
 * Applies the stack to a window. For each layer and direction one product (or gather) projects the
 * inputs of all steps, then the cell's fused op runs over time. Dropout masks are those of the site
 * firstSite + 2·layer + direction. Lengths of the upper layers of a pyramidal stack are halved on the device,
 * so that nobody can give lengths that contradict each other.
 */
export function applyStack(
  builder: GraphBuilder,
  options: StackOptions,
  window: { readonly T: number; readonly N: number },
  input: StackInput,
  context: StackContext,
): StackOutput {
  checkWindowSize(options, window);
  let [T, lengths] = [window.T, context.lengths];
  let below = 'features' in input ? input.features : undefined;
  for (let l = 0; l < options.layers; l++) {
    const label = `${context.prefix}l${l}`;
    if (options.pyramidal && l > 0 && below) {
      below = builder.apply(ops.pair_steps, `${label}.pairs`, { x: below }, {}, { S: Math.ceil(T / 2) }).y;
      T = below.shape[0];
      if (lengths) lengths = builder.apply(ops.half_lengths, `${label}.lengths`, { x: lengths }).y;
    }
    const last = l === options.layers - 1;
    const output = last ? context.output : undefined;
    const merged = options.bidirectional;
    const outputs = Array.from({ length: directionsOf(options) }, (_, direction) =>
      applyDirection(builder, options, { T, N: window.N, l, direction }, below, input, {
        ...context,
        lengths,
        output: merged ? undefined : output,
      }),
    );
    below = merged
      ? mergeDirections(builder, `${label}.merge`, options.merge, outputs[0], outputs[1], output)
      : outputs[0];
  }
  return { y: below as Tensor, lengths };
}

/** One layer in one direction. @returns [T,N,H] */
function applyDirection(
  builder: GraphBuilder,
  options: StackOptions,
  {
    T,
    N,
    l,
    direction,
  }: { readonly T: number; readonly N: number; readonly l: number; readonly direction: number },
  below: Tensor | undefined,
  input: StackInput,
  context: StackContext,
): Tensor {
  const { cell: kind, hidden: H } = options;
  const { inspect, keep } = context;
  const suffix = suffixOf(l, direction);
  const label = `${context.prefix}l${l}${direction === 1 ? '_reverse' : ''}`;
  const parameter = (name: string): Tensor | undefined =>
    context.parameters[`${context.prefix}${name}${suffix}`];
  const projected =
    l === 0 && 'projected' in input
      ? input.projected
      : project(builder, `${label}.projection`, l === 0 && 'ids' in input ? input : { features: below }, {
          weight: parameter('weight_ih') as Tensor,
          bias: parameter('bias_ih'),
        });

  const own = (of: (state: string) => Tensor | undefined): Record<string, Tensor> =>
    present(Object.fromEntries(FACTS[kind].states.map((state) => [state, of(state)])));
  const { saved, dh } = inspect ?? {};
  const savedShapes = saved ? Object.entries(cells[kind].saved({ T, N, H })) : [];
  const cell = options.form === 'general' ? generalCells[kind] : cells[kind];
  return cell.apply(builder, `${label}.${kind}`, {
    projected: builder.view(projected, [T, N, FACTS[kind].gates.length * H]),
    weightHh: parameter('weight_hh'),
    biasHh: parameter('bias_hh'),
    initial: own((state) => context.initial[`${state}${suffix}`]),
    final: own((state) => context.final[`${state}${suffix}`]),
    learned: own((state) => parameter(`${state}0`)),
    keep: isTensor(keep) ? keep : keep?.[direction],
    lengths: context.lengths,
    key: context.key,
    dropout: l === options.layers - 1 ? 0 : options.dropout,
    recurrentDropout: options.recurrentDropout,
    site: (context.firstSite ?? 0) + 2 * l + direction,
    reverse: direction === 1,
    nonlinearity: options.nonlinearity,
    reset: options.reset,
    output: context.output,
    inspected: {
      ...Object.fromEntries(
        savedShapes.map(([name, shape]) => [
          name,
          (saved as NonNullable<typeof saved>)(name, l, direction, shape),
        ]),
      ),
      ...(dh ? { dh: dh(l, direction, [T, N, H]) } : {}),
    },
  });
}

/** W_ih·x_t + b_ih of all steps, [T*N,G*H]: a product, or rows of the weights by id. */
function project(
  builder: GraphBuilder,
  label: string,
  input: { readonly ids: Tensor } | { readonly features: Tensor | undefined },
  { weight, bias }: { readonly weight: Tensor; readonly bias: Tensor | undefined },
): Tensor {
  if ('ids' in input) {
    const ids = builder.view(input.ids, [elementCount(input.ids.shape)]);
    return builder.apply(ops.gather, label, present({ weight, ids, bias })).y;
  }
  const features = input.features as Tensor;
  const C = weight.shape[1];
  const x = builder.view(features, [elementCount(features.shape) / C, C]);
  return builder.apply(ops.linear, label, present({ x, weight, bias })).y;
}

function isTensor(value: Tensor | readonly (Tensor | undefined)[] | undefined): value is Tensor {
  return value !== undefined && 'dtype' in value;
}
