import { OptionError } from '../../core/errors.js';
import { OnnxExpressions } from '../../io/onnx/expressions.js';
import { OnnxGraph } from '../../io/onnx/graph.js';
import type { StateDict } from '../../layers/parameters.js';
import { windowOf, type OnnxOptions } from '../../text/onnx.js';
import { checkModel, type Model } from '../../train/model.js';
import { CLASSIFIER_KIND, type ClassifierOptions } from '../classifier.js';
import { optionsFromConfig } from '../config.js';
import { READER_NAMES, type ReaderInput } from '../reader.js';
import { REGRESSOR_KIND, type RegressorOptions } from '../regressor.js';
import { TAGGER_KIND, type TaggerOptions } from '../tagger.js';
import { addPooling, addReader } from './reader.js';

/** Kinds of models that `readerToOnnx` supports. */
const READER_KINDS: readonly string[] = [CLASSIFIER_KIND, TAGGER_KIND, REGRESSOR_KIND];

/**
 * Writes a classifier, tagger or regressor as an ONNX file for inference, without dropout. Ids and
 * lengths are int64.
 *
 * - in: `ids` [T,N] (an id of V or more is unknown or padding), `x` [T,N,C] or `image` [T,N,I,J,C];
 *   `lengths` [N], but of a regressor whose rows are all full; or `grid` [P,N,F], or `image`
 *   [N,I,J,C] whose columns are read
 * - out, classifier: `logits` and `probabilities` [N,K]; tagger: the same [T,N,K]; regressor:
 *   `predictions` [N,O], or [T,N,O] where `pooling` is `none`, in the scale that the model was
 *   trained in
 *
 * The metadata of the file has `labels`, the names of the labels, and `tokenizer`, both as JSON.
 * @param parameters weights by PyTorch's names and shapes, as in a checkpoint
 * @throws OptionError for another kind of model, and for a cell without an ONNX operator;
 *   ShapeError with every weight of another shape
 */
export function readerToOnnx(model: Model, parameters: StateDict, options: OnnxOptions = {}): Uint8Array {
  checkModel(model);
  if (!READER_KINDS.includes(model.kind))
    throw new OptionError(
      'model',
      model.kind,
      'a classifier, tagger or regressor, or with encoderDecoderToOnnx an encoder-decoder',
    );
  const window = windowOf(options);
  const weights = completeWeights(model, parameters);
  const given = optionsFromConfig(model.config) as ClassifierOptions | TaggerOptions | RegressorOptions;
  const e = new OnnxExpressions(new OnnxGraph(model.kind));
  const ragged = 'ragged' in given ? (given.ragged ?? true) : true;
  const reading = addReader(e, { ...given, ragged }, READER_NAMES, window, weights);
  const everyStep = model.kind === TAGGER_KIND || ('pooling' in given && given.pooling === 'none');
  const pooling = 'pooling' in given && given.pooling !== 'none' ? given.pooling : undefined;
  const read = everyStep ? reading.y : addPooling(e, pooling ?? 'last', reading);
  const scores = e.linear(read, 'head', weights['head.weight'], weights['head.bias']);
  const [K] = weights['head.weight'].shape;
  const shape = everyStep ? [window.time, window.batch, K] : [window.batch, K];
  const letters = everyStep ? 'T,N' : 'N';
  const labels = 'labels' in given ? given.labels.names : undefined;
  if (labels) {
    e.output(scores, 'logits', 'float', shape, `[${letters},K]`);
    const probabilities = e.apply('Softmax', [scores], { axis: -1 });
    e.output(probabilities, 'probabilities', 'float', shape, `[${letters},K]: softmax of the logits`);
  } else e.output(scores, 'predictions', 'float', shape, `[${letters},O]`);
  return e.graph.toBytes({
    ...(labels ? { labels: JSON.stringify(labels) } : {}),
    ...tokenizerOf('tokenizer', given.input),
  });
}

/** All weights in PyTorch's shapes, with tied ones under both names. @throws ShapeError */
export function completeWeights({ layout }: Model, parameters: StateDict): StateDict {
  return layout.unpack(layout.pack(parameters));
}

/** The metadata of a tokenizer. Empty without a tokenizer. */
export function tokenizerOf(name: string, input: ReaderInput): Readonly<Record<string, string>> {
  return 'tokenizer' in input ? { [name]: JSON.stringify(input.tokenizer.toJSON()) } : {};
}
