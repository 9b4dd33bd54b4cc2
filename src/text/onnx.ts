import { COMMON_CELLS } from '../cells/facts.js';
import { OptionError } from '../core/errors.js';
import { onlyKnown, wholeNumber } from '../core/options.js';
import { OnnxGraph, type OnnxDimension } from '../io/onnx/graph.js';
import { addRecurrentStack, type OnnxStack, type OnnxWindow } from '../io/onnx/recurrent.js';
import { transposed } from '../io/gate-blocks.js';
import type { CharModel } from './char-model.js';
import { checkNextSymbolModel } from './sampler.js';
import { PARAMETERS, type StateDict } from '../layers/parameters.js';
import type { RecurrentLayers } from '../layers/recurrent-layers.js';
import { outputWidth, type StackOptions } from '../layers/stack-options.js';

/** What an exported graph is fixed to. */
export interface OnnxOptions {
  /** T. Default: any number of steps, chosen with each run. */
  readonly time?: number;
  /** N. Default: any number of rows. */
  readonly batch?: number;
}

/**
 * A character model as an ONNX file, for inference: ids and states in, logits and states out.
 * Dropout is off, as in evaluation.
 *
 * - `ids` int64 [T,N]; an id of V or more is the unknown symbol, whose input is the zero vector
 * - `h0` [L*D,N,H], and `c0` of an LSTM; zeros for a fresh start
 * - `keep` [N], of models with learned initial states alone: 1 goes on from h0, 0 starts from the
 *   learned state
 * - `logits` [T,N,V], `hn` [L*D,N,H], and `cn`
 *
 * The file's metadata `symbols` is the vocabulary as JSON: the symbol of id i is the i-th.
 * @param parameters weights by PyTorch's names and shapes, as in a checkpoint
 * @throws OptionError for a cell that ONNX has no operator for
 * @throws ShapeError naming every weight that does not fit
 */
export function charModelToOnnx(
  model: CharModel,
  parameters: StateDict,
  options: OnnxOptions = {},
): Uint8Array {
  checkNextSymbolModel(model);
  const window = windowOf(options);
  const stack = onnxStack(model.stack);
  model.layout.pack(parameters);
  const { embedding } = model.config;
  const V = model.vocabulary.size;
  const { time, batch } = window;
  const graph = new OnnxGraph('character model');
  const ids = graph.input(
    'ids',
    'int64',
    [time, batch],
    `[T,N]: symbols by number; ${V} or more is the unknown symbol`,
  );
  const x = embedding > 0 ? embedded(graph, ids, V, parameters['embedding.weight']) : oneHot(graph, ids, V);
  const y = addRecurrentStack(graph, stack, window, x, parameters, 'rnn.');
  const W = outputWidth(model.stack);
  const weight = graph.constant('head.weight', [W, V], transposed(parameters['head.weight']));
  const bias = Object.hasOwn(parameters, 'head.bias')
    ? graph.constant('head.bias', [V], parameters['head.bias'].data)
    : undefined;
  graph.node('MatMul', [y, weight], [bias === undefined ? 'logits' : 'head.product']);
  if (bias !== undefined) graph.node('Add', ['head.product', bias], ['logits']);
  graph.output(
    'logits',
    'float',
    [time, batch, V],
    '[T,N,V]: the softmax of a row of V is the distribution of the next symbol',
  );
  return graph.toBytes({ symbols: JSON.stringify(model.vocabulary.symbols) });
}

/**
 * Recurrent layers as an ONNX file: `x` [T,N,C] and `h0` (and `c0`) [L*D,N,H] in; `y` [T,N,H] (both
 * directions concatenated: [T,N,2H]) and `hn` (and `cn`) out.
 * @throws OptionError for a cell that ONNX has no operator for, and for pyramidal layers
 */
export async function layersToOnnx(layers: RecurrentLayers, options: OnnxOptions = {}): Promise<Uint8Array> {
  const window = windowOf(options);
  const stack = onnxStack(layers.stack);
  const parameters = layers.layout.unpack(await layers.memory.read(PARAMETERS));
  const graph = new OnnxGraph('recurrent layers');
  const x = graph.input('x', 'float', [window.time, window.batch, stack.input], '[T,N,C]');
  graph.node('Identity', [addRecurrentStack(graph, stack, window, x, parameters, '')], ['y']);
  graph.output(
    'y',
    'float',
    [window.time, window.batch, outputWidth(layers.stack)],
    '[T,N,W]: outputs of the last layer',
  );
  return graph.toBytes();
}

function windowOf(options: OnnxOptions): OnnxWindow {
  onlyKnown('onnx', options, ['time', 'batch']);
  const length = (option: 'time' | 'batch', letter: string): OnnxDimension =>
    options[option] === undefined ? letter : wholeNumber(option, options[option]);
  return { time: length('time', 'T'), batch: length('batch', 'N') };
}

function onnxStack({ cell, pyramidal, ...stack }: StackOptions): OnnxStack {
  const common = COMMON_CELLS.find((known) => known === cell);
  if (!common)
    throw new OptionError(
      'cell',
      cell,
      `one of ${COMMON_CELLS.join(', ')} for an ONNX file: ONNX has no operator for others`,
    );
  if (pyramidal) throw new OptionError('pyramidal', true, 'false for an ONNX file');
  return { ...stack, cell: common };
}

/** One-hot vectors [T,N,V]; all zeros for an id of V or more. */
function oneHot(graph: OnnxGraph, ids: string, V: number): string {
  const depth = graph.constant('symbols.count', [1], [V], 'int64');
  return graph.node('OneHot', [ids, depth, graph.constant('off.on', [2], [0, 1])], ['x'], { axis: -1 });
}

/** Learned vectors [T,N,C]; a row of zeros behind the last is that of the unknown symbol. */
function embedded(
  graph: OnnxGraph,
  ids: string,
  V: number,
  { shape: [, C], data }: StateDict[string],
): string {
  const table = new Float32Array((V + 1) * C);
  table.set(Array.from(data));
  const known = graph.node('Min', [ids, graph.constant('symbols.count', [], [V], 'int64')], ['ids.known']);
  return graph.node('Gather', [graph.constant('embedding.weight', [V + 1, C], table), known], ['x']);
}
