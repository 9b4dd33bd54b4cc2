import { OptionError } from '../core/errors.js';
import { onlyKnown, wholeNumber } from '../core/options.js';
import { OnnxGraph, type OnnxDimension } from '../io/onnx/graph.js';
import { addSymbolVectors } from '../io/onnx/symbols.js';
import { addRecurrentStack, onnxStack, type OnnxWindow } from '../io/onnx/recurrent.js';
import { transposed } from '../io/gate-blocks.js';
import type { CharModel } from './char-model.js';
import { LANGUAGE_MODEL_KIND, type LanguageModel } from './language-model.js';
import { checkNextSymbolModel } from './next-symbol-model.js';
import type { WindowModel } from './window-model.js';
import { EMBEDDING, PARAMETERS, type StateDict } from '../layers/parameters.js';
import { RecurrentLayers } from '../layers/recurrent-layers.js';
import { outputWidth } from '../layers/stack-options.js';
import { checkModel, type Model } from '../train/model.js';

/** Fixed sizes of an exported graph. */
export interface OnnxOptions {
  /** T: number of steps. Default: each run chooses it. */
  readonly time?: number;
  /** N: number of rows. Default: each run chooses it. */
  readonly batch?: number;
}

/**
 * Writes a character model as an ONNX file for inference, without dropout. Inputs are ids and
 * states, outputs are logits and states:
 *
 * - `ids` int64 [T,N]; an id of V or more is the unknown symbol, whose input is the zero vector
 * - `h0` [L*D,N,H], for an LSTM also `c0`; zeros at the start of a text
 * - `keep` [N], only for models with learned initial states: 1 continues from h0, 0 starts from the
 *   learned state
 * - `logits` [T,N,V], `hn` [L*D,N,H], and `cn`
 *
 * The metadata `symbols` of the file is the list of symbols as JSON, in the order of their ids.
 * @param parameters weights by PyTorch's names and shapes, as in a checkpoint
 * @throws OptionError for a cell without an ONNX operator
 * @throws ShapeError with every weight of another shape
 */
export function charModelToOnnx(
  model: CharModel,
  parameters: StateDict,
  options: OnnxOptions = {},
): Uint8Array {
  checkNextSymbolModel(model);
  const graph = windowGraph('character model', model, parameters, options);
  return graph.toBytes({ symbols: JSON.stringify(model.vocabulary.symbols) });
}

/**
 * Writes a language model as an ONNX file; see `charModelToOnnx`. The metadata `tokenizer` of the
 * file is the tokenizer as JSON, which `tokenizerFromJSON` reads.
 * @throws OptionError for another kind of model, and for a cell without an ONNX operator
 * @throws ShapeError with every weight of another shape
 */
export function languageModelToOnnx(
  model: LanguageModel,
  parameters: StateDict,
  options: OnnxOptions = {},
): Uint8Array {
  checkModel(model);
  const { kind }: Model = model;
  if (kind !== LANGUAGE_MODEL_KIND)
    throw new OptionError('model', kind, `a ${LANGUAGE_MODEL_KIND} for this ONNX export`);
  const graph = windowGraph('language model', model, parameters, options);
  return graph.toBytes({ tokenizer: JSON.stringify(model.tokenizer.toJSON()) });
}

/** Symbols → recurrent layers → head, with states in and out. */
function windowGraph(
  name: string,
  model: WindowModel,
  parameters: StateDict,
  options: OnnxOptions,
): OnnxGraph {
  const window = windowOf(options);
  const stack = onnxStack(model.stack);
  const { V, layout } = model;
  // A tied head shares the matrix of the embedding, which the parameters may contain only once.
  const weights = layout.unpack(layout.pack(parameters));
  const { time, batch } = window;
  const graph = new OnnxGraph(name);
  const ids = graph.input(
    'ids',
    'int64',
    [time, batch],
    `[T,N]: symbols by number; ${V} or more is the unknown symbol`,
  );
  const table = model.config.embedding > 0 ? weights[EMBEDDING] : undefined;
  const x = addSymbolVectors(graph, ids, V, table, 'x');
  const y = addRecurrentStack(graph, stack, window, x, weights, 'rnn.');
  const W = outputWidth(model.stack);
  const weight = graph.constant('head.weight', [W, V], transposed(weights['head.weight']));
  const bias = Object.hasOwn(weights, 'head.bias')
    ? graph.constant('head.bias', [V], weights['head.bias'].data)
    : undefined;
  graph.node('MatMul', [y, weight], [bias === undefined ? 'logits' : 'head.product']);
  if (bias !== undefined) graph.node('Add', ['head.product', bias], ['logits']);
  graph.output(
    'logits',
    'float',
    [time, batch, V],
    '[T,N,V]: the softmax of a row of V is the distribution of the next symbol',
  );
  return graph;
}

/**
 * Writes recurrent layers as an ONNX file. Inputs: `x` [T,N,C] and `h0` (and `c0`) [L*D,N,H].
 * Outputs: `y` [T,N,D*H], with both directions concatenated, and `hn` (and `cn`) [L*D,N,H].
 * @throws OptionError for a cell without an ONNX operator, and for pyramidal layers
 */
export async function layersToOnnx(layers: RecurrentLayers, options: OnnxOptions = {}): Promise<Uint8Array> {
  const window = windowOf(options);
  if (!(layers instanceof RecurrentLayers))
    throw new OptionError('layers', layers, 'layers, as `await RecurrentLayers.create(…)` gives them');
  if (layers.stack.pyramidal) throw new OptionError('pyramidal', true, 'false for an ONNX file');
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

/** T (or S) and N as numbers if they are fixed, else as letters. @throws OptionError */
export function windowOf(options: OnnxOptions, steps: 'T' | 'S' = 'T'): OnnxWindow {
  onlyKnown('onnx', options, ['time', 'batch']);
  const length = (option: 'time' | 'batch', letter: string): OnnxDimension =>
    options[option] === undefined ? letter : wholeNumber(option, options[option]);
  return { time: length('time', steps), batch: length('batch', 'N') };
}
