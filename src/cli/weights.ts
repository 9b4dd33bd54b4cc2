import {
  cellOfRows,
  CHECKPOINT_FORMAT,
  FileFormatError,
  readCheckpoint,
  readFileBytes,
  readSafetensors,
  type CharModelOptions,
  type StateDict,
  type Vocabulary,
} from '../node.js';

/** Weights to start from, with what they say about the model. */
export interface StartingWeights {
  readonly parameters: StateDict;
  readonly model: Partial<Omit<CharModelOptions, 'vocabulary'>>;
  /** Symbols behind the ids, where the file knows them. */
  readonly vocabulary: Vocabulary | undefined;
}

/**
 * Reads `--init-from`: a checkpoint of this program, whose vocabulary is taken over too, or any
 * safetensors file with a state_dict of PyTorch names (`rnn.weight_ih_l0`, …, `head.weight`,
 * `head.bias`); its names and shapes tell the cell.
 */
export async function readWeights(path: string): Promise<StartingWeights> {
  const name = JSON.stringify(path);
  const bytes = await readFileBytes(path);
  const { tensors, metadata } = readSafetensors(bytes, name);
  if (metadata.format === CHECKPOINT_FORMAT) {
    const { parameters, characterModel } = readCheckpoint(bytes);
    const { cell, nonlinearity, reset, hidden, layers, biases, bidirectional, embedding, initialState } =
      characterModel.config;
    return {
      parameters,
      model: { cell, nonlinearity, reset, hidden, layers, biases, bidirectional, embedding, initialState },
      vocabulary: characterModel.vocabulary,
    };
  }
  const model = modelOf(tensors);
  if (!model) {
    const names = Object.keys(tensors);
    throw new FileFormatError(
      `${name} has no weights of a character model: expected rnn.weight_ih_l0, head.weight and their ` +
        `like, got ${names.slice(0, 4).join(', ') || 'nothing'}${names.length > 4 ? ', …' : ''}.`,
    );
  }
  return { parameters: tensors, model, vocabulary: undefined };
}

/** What names and shapes say about a model; undefined for weights of something else. */
function modelOf(tensors: StateDict): StartingWeights['model'] | undefined {
  const shapeOf = (name: string): readonly number[] =>
    Object.hasOwn(tensors, name) ? tensors[name].shape : [];
  const [rows] = shapeOf('rnn.weight_ih_l0');
  const bidirectional = 'rnn.weight_ih_l0_reverse' in tensors;
  const recurrent = 'rnn.weight_hh_l0' in tensors;
  const hidden = recurrent
    ? shapeOf('rnn.weight_hh_l0')[1]
    : shapeOf('head.weight')[1] / (bidirectional ? 2 : 1);
  const cell = cellOfRows(rows, hidden, recurrent);
  if (cell === undefined) return undefined;
  const layers = Object.keys(tensors).filter((key) => /^rnn\.weight_ih_l\d+$/.test(key)).length;
  const single = recurrent ? 'rnn.bias_hh_l0' in tensors : 'rnn.bias_ih_l0' in tensors;
  const biases = recurrent && 'rnn.bias_ih_l0' in tensors ? 'both' : single ? 'single' : 'none';
  const initialState = 'rnn.h0_l0' in tensors ? 'learned' : 'zero';
  return {
    cell,
    hidden,
    layers,
    biases,
    bidirectional,
    embedding: shapeOf('embedding.weight')[1] ?? 0,
    initialState,
  };
}
