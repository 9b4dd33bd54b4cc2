import { CHECKPOINT_FORMAT, FileFormatError, readCheckpoint, readFileBytes, readSafetensors, type CharModelOptions, type StateDict, type Vocabulary } from '../node.js';

/** Weights to start from, with what they say about the model. */
export interface StartingWeights {
  readonly parameters: StateDict;
  readonly model: Partial<Omit<CharModelOptions, 'vocabulary'>>;
  /** Symbols behind the ids, where the file knows them. */
  readonly vocabulary: Vocabulary | undefined;
}

/**
 * Reads `--init-from`: a checkpoint of this program, whose vocabulary is taken over too, or any safetensors file with a state_dict of PyTorch names
 * (`rnn.weight_ih_l0`, …, `head.weight`, `head.bias`).
 */
export async function readWeights(path: string): Promise<StartingWeights> {
  const name = JSON.stringify(path);
  const bytes = await readFileBytes(path);
  const { tensors, metadata } = readSafetensors(bytes, name);
  if (metadata.format === CHECKPOINT_FORMAT) {
    const { parameters, characterModel } = readCheckpoint(bytes);
    const { cell, nonlinearity, hidden, layers, biases } = characterModel.config;
    return { parameters, model: { cell, nonlinearity, hidden, layers, biases }, vocabulary: characterModel.vocabulary };
  }
  const recurrent = tensors['rnn.weight_hh_l0'];
  if (recurrent?.shape.length !== 2) {
    const names = Object.keys(tensors);
    throw new FileFormatError(
      `${name} has no weights of a character model: expected rnn.weight_hh_l0 and its like, got ${names.slice(0, 4).join(', ') || 'nothing'}${names.length > 4 ? ', …' : ''}.`,
    );
  }
  const layers = Object.keys(tensors).filter((key) => /^rnn\.weight_hh_l\d+$/.test(key)).length;
  const biases = 'rnn.bias_ih_l0' in tensors ? 'both' : 'rnn.bias_hh_l0' in tensors ? 'single' : 'none';
  return { parameters: tensors, model: { hidden: recurrent.shape[1], layers, biases }, vocabulary: undefined };
}
