import { FACTS } from '../cells/facts.js';
import { cells, generalCells } from '../cells/index.js';
import { elementCount } from '../core/notation.js';
import { ops } from '../ops/index.js';
import type { GraphBuilder } from '../plan/graph.js';
import { present, type Tensor } from '../plan/tensor.js';
import { mergeDirections } from './merge-directions.js';
import { directionsOf, suffixOf, type StackOptions } from './stack-options.js';
import { checkWindowSize } from './window-size.js';

/**
 * Input of a stack: features [T,N,C], ids [T,N] that represent one-hot vectors, or projected inputs
 * of the lowest layer, W_ih·x_t + b_ih [T,N,G*H], in stacks of one direction. This is the first
 * file to read in src/layers, with stack-options.ts.
 */
export type StackInput =
  { readonly features: Tensor } | { readonly ids: Tensor } | { readonly projected: Tensor };

/**
 * Callbacks that provide tensors for values to be read. Each is called once for every layer and
 * direction, and returns a tensor of the given shape.
 */
export interface StackInspection {
  /** Receives dL/dh_t of every step, [T,N,H], in backward. */
  readonly dh?: (layer: number, direction: number, shape: readonly number[]) => Tensor;
  /** Receives a tensor that forward saves for backward, such as `gates`. Only for fused cells. */
  readonly saved?: (name: string, layer: number, direction: number, shape: readonly number[]) => Tensor;
}

/** Inputs of a stack besides its options and its features. */
export interface StackContext {
  /** Prefix of the parameter names. */
  readonly prefix: string;
  /** Parameters by name, as a ParameterLayout declares them. */
  readonly parameters: Readonly<Record<string, Tensor>>;
  /** Initial states [N,H], by the names of `stackStates`. */
  readonly initial: Readonly<Record<string, Tensor>>;
  /**
   * Tensors [N,H] that receive the final states, by the same names. They may be the tensors of
   * `initial`. Default for each: an intermediate.
   */
  readonly final: Readonly<Record<string, Tensor>>;
  /** [N]: 1 carries a row's states, 0 resets them; one tensor, or one for each direction. */
  readonly keep?: Tensor | readonly (Tensor | undefined)[] | undefined;
  /** u32 [N]: time steps of each row, 1 to T. Default: T. */
  readonly lengths?: Tensor | undefined;
  /**
   * The first of 2·L site numbers for dropout. Stacks of one graph need different ones. Default 0.
   */
  readonly firstSite?: number | undefined;
  /** u32 [2] = (seed, step) of dropout's random bits. Default: no dropout. */
  readonly key?: Tensor | undefined;
  /** Receives the outputs of the last layer, [T,N,W] with its own T. Default: an intermediate. */
  readonly output?: Tensor | undefined;
  readonly inspect?: StackInspection | undefined;
}

/** Results of a stack. */
export interface StackOutput {
  /**
   * Outputs of the last layer, [T,N,W], zero at padded steps. Pyramidal stacks have fewer steps.
   */
  readonly y: Tensor;
  /** u32 [N]: time steps of each row in y; undefined if every row has all steps. */
  readonly lengths: Tensor | undefined;
}

/**
 * Applies the stack to a window. For each layer and direction one product (or gather) projects the
 * inputs of all steps, then the cell's fused op runs over time. The site of dropout masks is
 * firstSite + 2·layer + direction. In pyramidal stacks the device halves the lengths for each
 * layer.
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

/** W_ih·x_t + b_ih of all steps, [T*N,G*H]: a product, or a gather for ids. */
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
