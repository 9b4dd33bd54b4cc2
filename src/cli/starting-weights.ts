import {
  FileFormatError,
  OptionError,
  readFileBytes,
  readSafetensors,
  type CharModelOptions,
  type NameMap,
  type StateDict,
  type Vocabulary,
} from '../node.js';
import {
  describeMatch,
  matchNames,
  cellOfRows,
  CHAR_MODEL_NAMES,
  isCheckpointFormat,
  foreignNames,
} from '../graph.js';
import { readAnyCheckpoint } from './checkpoints.js';
import { UsageError } from './failure.js';
import type { RecipeFlags } from './options.js';
import { refuseStart, refuseUnused } from './unused-options.js';

/** Initial weights, with the model that they imply. */
export interface StartingWeights {
  readonly parameters: StateDict;
  readonly model: Partial<Omit<CharModelOptions, 'vocabulary'>>;
  /** The symbols of the ids, if the file has them. */
  readonly vocabulary: Vocabulary | undefined;
  /** Lines about the weights, for the user. */
  readonly notes: readonly string[];
}

/**
 * Reads `--init-from`: a checkpoint of this program, with its vocabulary, or any safetensors file with
 * a state_dict of PyTorch (`rnn.weight_ih_l0`, …, `head.weight`, `head.bias`, or other names that can
 * be matched without doubt). Names and shapes decide the cell.
 * @param map names in the file, and their names here
 */
async function readWeights(path: string, map: NameMap): Promise<StartingWeights> {
  const name = JSON.stringify(path);
  const bytes = await readFileBytes(path);
  const { tensors, metadata } = readSafetensors(bytes, name);
  if (isCheckpointFormat(metadata.format)) {
    if (Object.keys(map).length > 0)
      throw new UsageError(
        `--map: ${name} is a checkpoint of this program, whose names need no map. Leave it out.`,
      );
    const read = await readAnyCheckpoint(path);
    if (read.of === 'records')
      throw new UsageError(
        `--init-from: ${name} is a checkpoint of a ${read.checkpoint.model.kind}; a model of text needs the checkpoint of a model of text.`,
      );
    const { parameters, model } = read.checkpoint;
    const { config } = model;
    const { cell, nonlinearity, reset, hidden, layers, biases, bidirectional, embedding, initialState } =
      config;
    return {
      parameters,
      model: {
        cell,
        nonlinearity,
        reset,
        hidden,
        layers,
        biases,
        bidirectional,
        embedding,
        initialState,
        ...(config.headBias === undefined ? {} : { headBias: config.headBias }),
      },
      vocabulary: model.vocabulary,
      notes: [],
    };
  }
  const { values, ...match } = matched(tensors, map);
  refuseForeign(name, values, Object.keys(tensors));
  const notes = describeMatch(match);
  return {
    parameters: values,
    model: modelOf(name, values),
    vocabulary: undefined,
    notes: notes === undefined ? [] : [`Weights of ${name}: ${notes}`],
  };
}

/** The weights that the options name, if any. @throws UsageError for options that the file decides */
export async function startingWeights(flags: RecipeFlags): Promise<StartingWeights | undefined> {
  const { initFrom, map } = flags;
  if (initFrom === undefined) {
    refuseUnused(flags, ['map'], 'needs --init-from FILE, whose names it changes');
    return undefined;
  }
  refuseStart(flags);
  const weights = await readWeights(initFrom, Object.fromEntries(map ?? []));
  if (weights.vocabulary)
    refuseUnused(flags, ['minCount'], 'the symbols are those of the checkpoint of --init-from');
  return weights;
}

function matched(tensors: StateDict, map: NameMap): ReturnType<typeof matchNames> {
  try {
    return matchNames(tensors, CHAR_MODEL_NAMES, map);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    throw new UsageError(`--${error.message}`, { cause: error });
  }
}

/** Checks that all weights have names of the model, after all possible names are matched. */
function refuseForeign(name: string, values: StateDict, given: readonly string[]): void {
  const foreign = foreignNames(values, CHAR_MODEL_NAMES);
  const has = (weight: string): boolean => Object.hasOwn(values, weight);
  if (foreign.length === 0 && has('head.weight') && has('rnn.weight_ih_l0')) return;
  throw new FileFormatError(
    `${name} has no weights of a character model: expected rnn.weight_ih_l0, rnn.weight_hh_l0 and their ` +
      `like for each layer, head.weight, head.bias and, if there is one, embedding.weight; got ` +
      `${foreign.length > 0 ? `${listOf(foreign)}, which match no name` : listOf(given)}. Assign ` +
      'names with --map FROM=TO, such as --map decoder=head; --map FROM= leaves a weight out.',
  );
}

function listOf(names: readonly string[]): string {
  return `${names.slice(0, 12).join(', ') || 'nothing'}${names.length > 12 ? ', …' : ''}`;
}

/** The model that names and shapes imply. @throws FileFormatError for weights of another kind */
function modelOf(name: string, tensors: StateDict): StartingWeights['model'] {
  const has = (weight: string): boolean => Object.hasOwn(tensors, weight);
  const shapeOf = (weight: string): readonly number[] => (has(weight) ? tensors[weight].shape : []);
  const bidirectional = has('rnn.weight_ih_l0_reverse');
  const recurrent = has('rnn.weight_hh_l0');
  // weight_hh [G*H,H] gives both G and H.
  const telling = recurrent ? 'rnn.weight_hh_l0' : 'rnn.weight_ih_l0';
  const [rows, columns] = shapeOf(telling);
  const hidden = recurrent ? columns : shapeOf('head.weight')[1] / (bidirectional ? 2 : 1);
  const cell = cellOfRows(rows, hidden, recurrent);
  if (cell === undefined) {
    const turned = cellOfRows(columns, recurrent ? rows : hidden, recurrent) !== undefined;
    throw new FileFormatError(
      `${name} has weights of an unknown cell: ${telling} must be ${recurrent ? '[G*H,H]' : `[G*H,C] with H = ${hidden}`}, ` +
        `but is [${shapeOf(telling).join(',')}]${turned ? ', which looks transposed: PyTorch has [outputs,inputs]' : ''}.`,
    );
  }
  const single = recurrent ? has('rnn.bias_hh_l0') : has('rnn.bias_ih_l0');
  const biases = recurrent && has('rnn.bias_ih_l0') ? 'both' : single ? 'single' : 'none';
  const headBias = has('head.bias');
  return {
    cell,
    hidden,
    layers: Object.keys(tensors).filter((key) => /^rnn\.weight_ih_l\d+$/.test(key)).length,
    biases,
    ...(headBias === (biases !== 'none') ? {} : { headBias }),
    bidirectional,
    embedding: shapeOf('embedding.weight')[1] ?? 0,
    initialState: has('rnn.h0_l0') ? 'learned' : 'zero',
  };
}
