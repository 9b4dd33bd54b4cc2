import { FACTS, GATES, type CellKind } from '../cells/facts.js';
import { attentionDecoders, generalAttentionDecoders } from '../cells/index.js';
import type { Reset } from '../cells/cell-facts.js';
import type { AttentionDecoderInputs } from '../cells/general-attention.js';
import { deviceArray, type DeviceArray } from '../core/arrays.js';
import { elementCount } from '../core/notation.js';
import { Random, STREAM } from '../core/random.js';
import { ops } from '../ops/index.js';
import { differentiate } from '../plan/differentiate.js';
import { GraphBuilder, type Graph } from '../plan/graph.js';
import type { Tensor } from '../plan/tensor.js';

/** The shape of a decoder window with additive attention. */
export interface AttentionWindow {
  readonly cell: Extract<CellKind, 'rnn' | 'lstm' | 'gru'>;
  /** Of a GRU. Default `after`. */
  readonly reset?: Reset;
  /** T steps, N rows, S source positions, A attention units, H hidden units. */
  readonly sizes: Readonly<Record<'T' | 'N' | 'S' | 'A' | 'H', number>>;
}

/** How a window is computed: by the fused op of its cell, or step by step from general ops. */
export const ATTENTION_FORMS = ['fused', 'general'] as const;
export type AttentionForm = (typeof ATTENTION_FORMS)[number];

/** A window forward and backward. Both forms have the same inputs and results. */
export interface AttentionGraph {
  readonly graph: Graph;
  /** Names of the outputs: steps, attention weights, final states. */
  readonly results: readonly string[];
  /** Names of the gradients, by the input that they belong to. */
  readonly gradients: Readonly<Record<string, string>>;
}

/**
 * Builds the graph of a window with all gradients. Inputs: `projected` [T,N,G*H], `weight_hh`,
 * `bias_hh`, `weight_query`, `weight_score`, `keys`, `values` and initial states as in the contracts
 * of the ops, `lengths` and `source_lengths` u32 [N], and an upstream gradient for every result.
 */
export function attentionGraph(window: AttentionWindow, form: AttentionForm): AttentionGraph {
  const { cell, reset = 'after' } = window;
  const { T, N, S, A, H } = window.sizes;
  const builder = new GraphBuilder();
  const C = GATES[cell].length * H;
  const states = FACTS[cell].states;
  const input = (name: string, shape: readonly number[], dtype: 'f32' | 'u32' = 'f32'): Tensor =>
    builder.tensor('input', name, shape, dtype);
  const wanted = {
    projected: input('projected', [T, N, C]),
    weightHh: input('weight_hh', [C, H]),
    biasHh: input('bias_hh', [C]),
    weightQuery: input('weight_query', [A, H]),
    weightScore: input('weight_score', [1, A]),
    keys: input('keys', [S, N, A]),
    values: input('values', [S, N, C]),
  };
  const initial = Object.fromEntries(states.map((state) => [state, input(`${state}0`, [N, H])]));
  const inputs: AttentionDecoderInputs = {
    ...wanted,
    initial,
    lengths: input('lengths', [N], 'u32'),
    sourceLengths: input('source_lengths', [N], 'u32'),
    nonlinearity: 'tanh',
    reset,
  };
  const { output, attention, final } =
    form === 'general'
      ? generalAttentionDecoders[cell](builder, form, inputs)
      : fusedWindow(cell)(builder, form, {
          ...inputs,
          key: undefined,
          recurrentDropout: 0,
          site: 0,
          inspected: {},
        });
  const named = {
    y: output,
    attention,
    ...Object.fromEntries(states.map((state) => [`${state}n`, final[state]])),
  };
  const upstream: Record<string, Tensor> = {};
  for (const [name, tensor] of Object.entries(named)) upstream[tensor.name] = input(`d${name}`, tensor.shape);
  const results = Object.entries(named).map(([name, tensor]) => copied(builder, `result ${name}`, tensor));
  const gradients = differentiate(builder, {
    ops,
    wanted: [...Object.values(wanted), ...Object.values(initial)],
    upstream,
  });
  const copies = Object.entries(gradients).map(
    ([name, tensor]) => [name, copied(builder, `gradient ${name}`, tensor)] as const,
  );
  return { graph: builder.graph, results, gradients: Object.fromEntries(copies) };
}

function fusedWindow(cell: AttentionWindow['cell']): NonNullable<(typeof attentionDecoders)['gru']> {
  const decoder = attentionDecoders[cell];
  if (!decoder) throw new TypeError(`There is no fused attention for the cell ${cell}.`);
  return decoder;
}

/** Copies a tensor to an output. @returns the output's name */
function copied(builder: GraphBuilder, name: string, tensor: Tensor): string {
  const x = builder.view(tensor, [1, elementCount(tensor.shape)]);
  const y = builder.tensor('output', name, x.shape);
  builder.apply(ops.slice, `copy of ${name}`, { x, y }, {}, { S: 1 });
  return name;
}

/**
 * Random inputs of a graph. They depend only on the names, so both forms get the same.
 * @param lengths given arrays, such as lengths; without them all rows have the full length
 */
export function attentionData(
  { graph }: AttentionGraph,
  { T, S }: AttentionWindow['sizes'],
  lengths: Readonly<Record<string, readonly number[]>> = {},
): Readonly<Record<string, DeviceArray>> {
  const full: Readonly<Record<string, number>> = { lengths: T, source_lengths: S };
  const inputs = Object.values(graph.tensors).filter(({ kind, view }) => kind === 'input' && !view);
  return Object.fromEntries(
    inputs.map(({ name, shape, dtype }) => {
      const seed = [...name].reduce((sum, letter) => 31 * sum + letter.charCodeAt(0), 7) % 65536;
      const random = new Random(seed, STREAM.test);
      const data = deviceArray(dtype, elementCount(shape));
      // With larger weights the states would be chaotic, and single precision would diverge from double.
      const scale = name.startsWith('weight') ? 1 / Math.sqrt(shape[1]) : 0.6;
      for (let i = 0; i < data.length; i++)
        data[i] = dtype === 'u32' ? (lengths[name]?.[i] ?? full[name]) : scale * random.normal();
      return [name, data];
    }),
  );
}
