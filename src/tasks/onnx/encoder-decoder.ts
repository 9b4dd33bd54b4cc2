import { COMMON_FACTS } from '../../cells/facts.js';
import { OptionError } from '../../core/errors.js';
import { OnnxExpressions } from '../../io/onnx/expressions.js';
import { OnnxGraph } from '../../io/onnx/graph.js';
import { addRecurrentLayer, onnxStack, type OnnxWindow } from '../../io/onnx/recurrent.js';
import { addSymbolVectors } from '../../io/onnx/symbols.js';
import type { StateDict } from '../../layers/parameters.js';
import { windowOf, type OnnxOptions } from '../../text/onnx.js';
import { checkModel, type Model } from '../../train/model.js';
import { optionsFromConfig } from '../config.js';
import {
  encoderDecoderChoices,
  ENCODER_DECODER_KIND,
  SOURCE_NAMES,
  type EncoderDecoderChoices,
  type EncoderDecoderOptions,
} from '../encoder-decoder.js';
import { layersOf } from '../layers.js';
import type { ReaderInput } from '../reader.js';
import { addReader, meanOfSteps, sideBySide, type OnnxReading } from './reader.js';
import { completeWeights, tokenizerOf } from './readers.js';

/** The two files of an encoder–decoder. */
export interface EncoderDecoderOnnx {
  readonly encoder: Uint8Array;
  readonly decoder: Uint8Array;
}

/** The input of both graphs. */
interface Parts extends EncoderDecoderChoices {
  readonly options: EncoderDecoderOptions<ReaderInput>;
  readonly weights: StateDict;
  readonly window: OnnxWindow;
  /** H and L */
  readonly H: number;
  readonly L: number;
  /** States of the cell: `h`, or `h` and `c`. */
  readonly kinds: readonly string[];
}

/**
 * An encoder–decoder as two ONNX files, for inference. Dropout is off; ids and lengths are int64.
 *
 * The encoder reads `source` [S,N] (an id of V or more is unknown or padding), [S,N,F] of features
 * or [S,N,I,J,C] of images, and `sourceLengths` [N]; or `grid` [P,N,F] or `image` [N,I,J,C] alone.
 * Its outputs are inputs of the decoder under the same names. Those that the model does not need
 * are left out:
 * - `h0`, `c0` [L,N,H]: the decoder's first states; `fed` [N,H]: zeros, with input feeding
 * - `memory` [M,N,W], `memoryLengths` [N], `keys` [M,N,·]: what attention reads. M is S, or less
 *   where the encoder is pyramidal
 * - `joined` `[N,·]`: the summary that joins every input
 *
 * The decoder computes one step. Its other input is `previous` [N], the symbols of the previous
 * step. Outputs are `logits` [N,V], `attention` [N,M], and the states after the step, `hn`, `cn`
 * and `fedn`, which are `h0`, `c0` and `fed` of the next step.
 *
 * The metadata of the files has the tokenizers, `source` and `target`, as JSON.
 * @param parameters weights by PyTorch's names and shapes, as in a checkpoint
 * @param options time: S
 * @throws OptionError for another kind of model, and for a cell without an ONNX operator;
 *   ShapeError with every weight of another shape
 */
export function encoderDecoderToOnnx(
  model: Model,
  parameters: StateDict,
  options: OnnxOptions = {},
): EncoderDecoderOnnx {
  checkModel(model);
  if (model.kind !== ENCODER_DECODER_KIND)
    throw new OptionError('model', model.kind, `an ${ENCODER_DECODER_KIND} for this ONNX export`);
  const window = windowOf(options, 'S');
  const given = optionsFromConfig(model.config) as EncoderDecoderOptions<ReaderInput>;
  const { hidden, layers, cell } = onnxStack({ ...layersOf(given), input: 0 });
  const parts: Parts = {
    ...encoderDecoderChoices(given),
    options: given,
    weights: completeWeights(model, parameters),
    window,
    H: hidden,
    L: layers,
    kinds: COMMON_FACTS[cell].states,
  };
  const metadata = { ...tokenizerOf('source', given.source), ...tokenizerOf('target', given.target) };
  return { encoder: encoderGraph(parts).toBytes(metadata), decoder: decoderGraph(parts).toBytes(metadata) };
}

function encoderGraph(parts: Parts): OnnxGraph {
  const { options, weights, window, attention, context, inputFeeding, H, L, kinds } = parts;
  const { batch } = window;
  const e = new OnnxExpressions(new OnnxGraph('encoder'));
  const reading = addReader(
    e,
    { ...options, input: options.source, ragged: true },
    SOURCE_NAMES,
    window,
    weights,
  );
  const { y } = reading;
  const N = e.length(y, 1);
  const zeros = (lead: readonly number[], width: number): string => {
    const zero = e.graph.constant(
      `zeros.${lead.length}`,
      [...lead.map(() => 1), 1, width],
      new Float32Array(width),
    );
    return e.expand(zero, [...(lead.length > 0 ? [e.integers(...lead)] : []), N, e.integers(1)]);
  };
  for (const kind of kinds) {
    const summaries = (): string[] =>
      Array.from({ length: L }, (_, l) => e.unsqueeze(summaryOf(e, parts, reading, kind, l), 0));
    const start = context === 'every-step' ? zeros([L], H) : e.concat(summaries(), 0);
    e.output(start, `${kind}0`, 'float', [L, batch, H], `[L,N,H]: ${kind} before the decoder's first step`);
  }
  if (context !== 'initial') {
    const joined = summaryOf(e, parts, reading, 'h', L - 1);
    e.output(joined, 'joined', 'float', [batch, 'C'], '[N,C]: the summary that joins every input');
  }
  if (attention === 'none') return e.graph;
  e.output(y, 'memory', 'float', ['M', batch, 'W'], '[M,N,W]: what the decoder attends to');
  // All rows of a grid or an image have the same number of positions.
  const lengths = reading.lengths ?? e.expand(e.length(y, 0), [N]);
  e.output(lengths, 'memoryLengths', 'int64', [batch], '[N]: positions of each row');
  const weight = { dot: undefined, general: 'attention', additive: 'attention.key' }[attention];
  if (weight !== undefined)
    e.output(
      e.linear(y, weight, weights[`${weight}.weight`]),
      'keys',
      'float',
      ['M', batch, 'A'],
      '[M,N,·]: the memory as queries are compared with it',
    );
  if (inputFeeding) e.output(zeros([], H), 'fed', 'float', [batch, H], '[N,H]: zeros, before the first step');
  return e.graph;
}

/** The summary of one state of a layer, [N,·]; see `Summary`. */
function summaryOf(
  e: OnnxExpressions,
  { summary, weights }: Parts,
  reading: OnnxReading,
  kind: string,
  l: number,
): string {
  const read =
    summary === 'transformed-all' ? meanOfSteps(e, reading) : sideBySide(e, reading.final[l][kind]);
  if (summary === 'last') return read;
  const name = `bridge.${kind}`;
  return e.apply('Tanh', [e.linear(read, name, weights[`${name}.weight`], weights[`${name}.bias`])]);
}

function decoderGraph(parts: Parts): OnnxGraph {
  const { options, weights, window, attention, context, inputFeeding, H, L, kinds } = parts;
  const { batch } = window;
  const [V] = weights['head.weight'].shape;
  const graph = new OnnxGraph('decoder step');
  const e = new OnnxExpressions(graph);
  const previous = graph.input('previous', 'int64', [batch], '[N]: the symbols of the step before');
  const initial = kinds.map((kind) =>
    graph.input(`${kind}0`, 'float', [L, batch, H], `[L,N,H]: ${kind} before the step`),
  );
  const inputs = [addSymbolVectors(graph, previous, V, weights['target_embedding.weight'], 'embedded')];
  if (context !== 'initial') inputs.push(graph.input('joined', 'float', [batch, 'C'], '[N,C]'));
  if (inputFeeding) inputs.push(graph.input('fed', 'float', [batch, H], '[N,H]'));
  const attends = attention === 'none' ? undefined : addMemory(e, parts);
  const layerState = (k: number, l: number): string =>
    e.apply('Slice', [initial[k], e.integers(l), e.integers(l + 1), e.integers(0)]);
  let weightsOfStep: string | undefined;
  if (attends && attention === 'additive') {
    const before = e.squeeze(layerState(0, L - 1), 0);
    const query = e.linear(before, 'attention.query', weights['attention.query.weight']);
    const squashed = e.apply('Tanh', [e.apply('Add', [attends.keys, query])]);
    const scores = e.squeeze(e.linear(squashed, 'attention.score', weights['attention.score.weight']), 2);
    const attended = attends.attend(scores);
    weightsOfStep = attended.weights;
    inputs.push(attended.context);
  }
  const stack = onnxStack({
    ...layersOf(options),
    input: weights['decoder.weight_ih_l0'].shape[1],
    bidirectional: false,
    merge: 'concat',
    initialState: 'zero',
  });
  let below = e.unsqueeze(e.concat(inputs, 1), 0);
  const finals: Record<string, string[]> = Object.fromEntries(kinds.map((kind) => [kind, []]));
  for (let l = 0; l < L; l++) {
    const states = kinds.map((_, k) => layerState(k, l));
    const layer = addRecurrentLayer(graph, stack, l, { x: below, states }, weights, 'decoder.');
    for (const kind of kinds) finals[kind].push(layer.final[kind]);
    below = layer.y;
  }
  let output = e.squeeze(below, 0);
  if (attends && attention !== 'additive') {
    const scores = e.sum(e.apply('Mul', [attends.keys, e.unsqueeze(output, 0)]), 2);
    const attended = attends.attend(scores);
    weightsOfStep = attended.weights;
    const both = e.concat([attended.context, output], 1);
    output = e.apply('Tanh', [e.linear(both, 'combine', weights['combine.weight'], weights['combine.bias'])]);
  }
  const logits = e.linear(output, 'head', weights['head.weight'], weights['head.bias']);
  e.output(
    logits,
    'logits',
    'float',
    [batch, V],
    '[N,V]: the softmax is the distribution of the next symbol',
  );
  if (weightsOfStep !== undefined)
    e.output(weightsOfStep, 'attention', 'float', [batch, 'M'], '[N,M]: weights over the memory');
  for (const kind of kinds) {
    const about = `[L,N,H]: ${kind} after the step, the next step's ${kind}0`;
    e.output(e.concat(finals[kind], 0), `${kind}n`, 'float', [L, batch, H], about);
  }
  if (inputFeeding) e.output(output, 'fedn', 'float', [batch, H], "[N,H]: the next step's fed");
  return graph;
}

/**
 * Adds the inputs of attention. Returns a function from scores [M,N] to context [N,W] and weights
 * [N,M].
 */
function addMemory(
  e: OnnxExpressions,
  { attention, window: { batch } }: Parts,
): {
  readonly keys: string;
  readonly attend: (scores: string) => { readonly context: string; readonly weights: string };
} {
  const { graph } = e;
  const memory = graph.input('memory', 'float', ['M', batch, 'W'], '[M,N,W]');
  const lengths = graph.input('memoryLengths', 'int64', [batch], '[N]: positions of each row');
  const keys = attention === 'dot' ? memory : graph.input('keys', 'float', ['M', batch, 'A'], '[M,N,·]');
  return {
    keys,
    attend(scores) {
      const own = e.apply('Where', [e.ownSteps(memory, lengths), scores, e.number(-Infinity)]);
      const weights = e.apply('Softmax', [own], { axis: 0 });
      const context = e.sum(e.apply('Mul', [memory, e.unsqueeze(weights, 2)]), 0);
      return { context, weights: e.transpose(weights, 1, 0) };
    },
  };
}
