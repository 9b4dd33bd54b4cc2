import { COMMON_CELLS, COMMON_FACTS, type CellKind, type CommonCell } from '../../cells/facts.js';
import { OptionError } from '../../core/errors.js';
import { checkShape, gateRows, reorderGates, type ShapedArray } from '../gate-blocks.js';
import type { OnnxDimension, OnnxGraph } from './graph.js';

/** Options of stacked recurrent layers for ONNX's operators RNN, LSTM and GRU. */
export interface OnnxStack {
  readonly cell: CommonCell;
  /** Activation of the cell `rnn`. */
  readonly nonlinearity: 'tanh' | 'relu';
  /** Where the cell `gru` applies its reset gate. */
  readonly reset: 'after' | 'before';
  /** C: number of input features of the lowest layer. */
  readonly input: number;
  /** H: units of each layer. */
  readonly hidden: number;
  /** L: number of layers. */
  readonly layers: number;
  /** Whether every layer reads both directions (D = 2). */
  readonly bidirectional: boolean;
  /** How the outputs of both directions are combined. */
  readonly merge: 'concat' | 'sum' | 'mean' | 'product';
  /** `learned`: rows start from learned states if the input `keep` is 0. */
  readonly initialState: 'zero' | 'learned';
}

/** The options as an `OnnxStack`. @throws OptionError for a cell without an ONNX operator */
export function onnxStack({
  cell,
  ...stack
}: Omit<OnnxStack, 'cell'> & { readonly cell: CellKind }): OnnxStack {
  const common = COMMON_CELLS.find((known) => known === cell);
  if (common) return { ...stack, cell: common };
  throw new OptionError(
    'cell',
    cell,
    `one of ${COMMON_CELLS.join(', ')} for an ONNX file: ONNX has no operator for others`,
  );
}

/** Weights by PyTorch's names. */
export type OnnxWeights = Readonly<Record<string, ShapedArray>>;

/** Names and lengths around a stack. */
export interface OnnxWindow {
  readonly time: OnnxDimension;
  readonly batch: OnnxDimension;
}

/**
 * Adds a stack to a graph, with its states as inputs `h0` and outputs `hn` [L*D,N,H] in PyTorch's
 * order (LSTM: also `c0`, `cn`), and with `keep` [N] where initial states are learned.
 * @param x name of the input [T,N,C]
 * @param prefix before the names of the weights
 * @returns name of the outputs, [T,N,H]; [T,N,2H] where both directions are concatenated
 */
export function addRecurrentStack(
  graph: OnnxGraph,
  stack: OnnxStack,
  window: OnnxWindow,
  x: string,
  weights: OnnxWeights,
  prefix: string,
): string {
  const { cell, hidden: H, layers: L } = stack;
  const D = stack.bidirectional ? 2 : 1;
  const kinds = COMMON_FACTS[cell].states;
  const initial = kinds.map((kind) =>
    graph.input(
      `${kind}0`,
      'float',
      [L * D, window.batch, H],
      `[L*D,N,H]: ${kind} before the first step; zeros for a fresh start`,
    ),
  );
  const carried =
    stack.initialState === 'learned' ? carriedStates(graph, stack, window, weights, prefix, kinds) : initial;
  const finals: string[][] = kinds.map(() => []);
  let below = x;
  for (let l = 0; l < L; l++) {
    const states = carried.map((name, k) =>
      L === 1
        ? name
        : graph.node(
            'Slice',
            [name, ...range(graph, l * D, (l + 1) * D)],
            [`${prefix}${kinds[k]}0_l${l}.slice`],
          ),
    );
    const layer = addRecurrentLayer(graph, stack, l, { x: below, states }, weights, prefix);
    kinds.forEach((kind, k) => finals[k].push(layer.final[kind]));
    below = layer.y;
  }
  kinds.forEach((kind, k) => {
    graph.node('Concat', finals[k], [`${kind}n`], { axis: 0 });
    graph.output(
      `${kind}n`,
      'float',
      [L * D, window.batch, H],
      `[L*D,N,H]: ${kind} after the last step, the next window's ${kind}0`,
    );
  });
  return below;
}

/** Inputs of a layer: names of values in the graph. */
export interface OnnxLayerInput {
  /** [T,N,C] */
  readonly x: string;
  /** int32 [N]: number of steps of each row. Default: all steps. */
  readonly lengths?: string | undefined;
  /** Initial states [D,N,H] in the order of the cell's states. Default: zero. */
  readonly states?: readonly string[];
}

/**
 * Adds one layer of a stack.
 * @param l from 0, the layer that reads the input
 * @returns names of the outputs [T,N,W], zero at padded steps, and of the final states [D,N,H] by
 *   kind: each row's at its own end
 */
export function addRecurrentLayer(
  graph: OnnxGraph,
  stack: OnnxStack,
  l: number,
  { x, lengths = '', states = [] }: OnnxLayerInput,
  weights: OnnxWeights,
  prefix: string,
): { readonly y: string; readonly final: Readonly<Record<string, string>> } {
  const { states: kinds, onnx } = COMMON_FACTS[stack.cell];
  const final = Object.fromEntries(kinds.map((kind) => [kind, `${prefix}${kind}n_l${l}`]));
  const y = graph.node(
    onnx.operator,
    [x, ...layerWeights(graph, stack, l, weights, prefix), lengths, ...states],
    [`${prefix}y_l${l}`, ...Object.values(final)],
    attributesOf(stack, stack.bidirectional ? 2 : 1),
  );
  return { y: mergeDirections(graph, stack, y), final };
}

/** Initial states with learned ones: keep ⊙ h0 + (1 − keep) ⊙ learned, [L*D,N,H] for each kind. */
function carriedStates(
  graph: OnnxGraph,
  { hidden: H, layers, bidirectional }: OnnxStack,
  window: OnnxWindow,
  weights: OnnxWeights,
  prefix: string,
  kinds: readonly string[],
): string[] {
  const suffixes = suffixesOf(layers, bidirectional);
  graph.input(
    'keep',
    'float',
    [window.batch],
    '[N]: 1 goes on from the given state, 0 starts from the learned one',
  );
  const keep = graph.node(
    'Unsqueeze',
    ['keep', graph.constant('keep.axis', [1], [1], 'int64')],
    ['keep.column'],
  );
  const fresh = graph.node('Sub', [graph.constant('one', [], [1]), keep], ['keep.fresh']);
  return kinds.map((kind) => {
    const learned = learnedStates(graph, kind, suffixes, H, weights, prefix);
    return graph.node(
      'Add',
      [
        graph.node('Mul', [`${kind}0`, keep], [`${kind}0.kept`]),
        graph.node('Mul', [learned, fresh], [`${kind}0.fresh`]),
      ],
      [`${kind}0.start`],
    );
  });
}

/**
 * Learned initial states of the layers and directions with these suffixes, as a constant [L*D,1,H].
 */
export function learnedStates(
  graph: OnnxGraph,
  kind: string,
  suffixes: readonly string[],
  H: number,
  weights: OnnxWeights,
  prefix: string,
): string {
  const rows = suffixes.flatMap((suffix) => {
    const name = `${prefix}${kind}0${suffix}`;
    return Array.from(checkShape(name, '[H]', [H], weights[name]).data);
  });
  return graph.constant(`${prefix}${kind}0${suffixes[0]}.learned`, [suffixes.length, 1, H], rows);
}

/**
 * W [D,G*H,C], R [D,G*H,H] and B [D,2G*H] (biases of W, then of R). Without biases the name of B is
 * empty.
 */
function layerWeights(
  graph: OnnxGraph,
  { cell, hidden: H, bidirectional }: OnnxStack,
  l: number,
  weights: OnnxWeights,
  prefix: string,
): string[] {
  const rows = COMMON_FACTS[cell].gates.length * H;
  const G = gateRows(cell);
  const suffixes = suffixesOf(l + 1, bidirectional).slice(bidirectional ? -2 : -1);
  const { gates, onnx } = COMMON_FACTS[cell];
  const order = (data: ArrayLike<number>): Float32Array => reorderGates(data, gates, onnx.gates);
  const C = weights[`${prefix}weight_ih${suffixes[0]}`]?.shape[1] ?? 0;
  const stacked = (part: string, columns: number, letters: string): string => {
    const blocks = suffixes.map((suffix) =>
      order(
        checkShape(
          `${prefix}${part}${suffix}`,
          letters,
          [rows, columns],
          weights[`${prefix}${part}${suffix}`],
        ).data,
      ),
    );
    return graph.constant(`${prefix}${part}_l${l}`, [suffixes.length, rows, columns], join(blocks));
  };
  const names = [stacked('weight_ih', C, `[${G},C]`), stacked('weight_hh', H, `[${G},H]`)];
  const biases = suffixes.flatMap((suffix) =>
    ['bias_ih', 'bias_hh'].map(
      (part) => [`${prefix}${part}${suffix}`, weights[`${prefix}${part}${suffix}`]] as const,
    ),
  );
  if (biases.every(([, bias]) => bias === undefined)) return [...names, ''];
  const data = biases.map(([name, bias]) =>
    bias ? order(checkShape(name, `[${G}]`, [rows], bias).data) : new Float32Array(rows),
  );
  return [...names, graph.constant(`${prefix}bias_l${l}`, [suffixes.length, 2 * rows], join(data))];
}

function attributesOf(stack: OnnxStack, D: number): Record<string, number | string | string[]> {
  return {
    hidden_size: stack.hidden,
    direction: D === 2 ? 'bidirectional' : 'forward',
    ...COMMON_FACTS[stack.cell].onnx.attributes(stack, D),
  };
}

/** Converts ONNX's outputs [T,D,N,H] into the input of the next layer. */
function mergeDirections(graph: OnnxGraph, { bidirectional, merge }: OnnxStack, y: string): string {
  const axis = (): string => graph.constant(`${y}.axis`, [1], [1], 'int64');
  if (!bidirectional) return graph.node('Squeeze', [y, axis()], [`${y}.merged`]);
  if (merge === 'concat') {
    const sideBySide = graph.node('Transpose', [y], [`${y}.transposed`], { perm: [0, 2, 1, 3] });
    return graph.node(
      'Reshape',
      [sideBySide, graph.constant(`${y}.shape`, [3], [0, 0, -1], 'int64')],
      [`${y}.merged`],
    );
  }
  if (merge === 'sum') return graph.node('ReduceSum', [y, axis()], [`${y}.merged`], { keepdims: 0 });
  return graph.node(merge === 'mean' ? 'ReduceMean' : 'ReduceProd', [y], [`${y}.merged`], {
    axes: [1],
    keepdims: 0,
  });
}

/** Start, end and axis of a Slice along the first dimension. */
function range(graph: OnnxGraph, start: number, end: number): string[] {
  return [start, end, 0].map((value) => graph.constant(`index.${value}`, [1], [value], 'int64'));
}

function suffixesOf(layers: number, bidirectional: boolean): string[] {
  return Array.from({ length: layers }, (_, l) =>
    bidirectional ? [`_l${l}`, `_l${l}_reverse`] : [`_l${l}`],
  ).flat();
}

function join(blocks: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const block of blocks) {
    whole.set(block, end);
    end += block.length;
  }
  return whole;
}
