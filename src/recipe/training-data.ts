import { charModel, taskModel, type CharModel, type CharModelOptions } from '../text/char-model.js';
import type { Corpus } from '../text/corpus.js';
import type { Task } from '../text/synthetic/copy-memory.js';
import type { SymbolSource } from '../text/window-loader.js';
import { bitsOf, perplexityOf } from '../train/evaluation-measures.js';
import type { EvaluateOptions } from '../train/source.js';

/**
 * A text or a synthetic task to train on, with everything in which the two differ. So other code
 * need not distinguish them.
 */
export interface TrainingData {
  /** The source to train on. */
  readonly source: SymbolSource;
  /**
   * The source for evaluations during training: the held-back part of a text, or the task itself.
   */
  readonly validation: SymbolSource | undefined;
  /** Options of evaluations. */
  readonly evaluation: EvaluateOptions;
  /** Default number of steps between evaluations. */
  readonly evalEvery: number;
  /** Its name on screen. */
  readonly name: string;
  /** Its name in a sentence about its symbols, such as `the text`. */
  readonly called: string;
  /** Description of a synthetic task, in one line. */
  readonly about?: string;
  /** What one prediction is of, in full and in short. */
  readonly unit: { readonly name: 'character' | 'symbol'; readonly short: 'char' | 'symbol' };
  /** Loss of guessing per prediction: in nats, in bits, and as perplexity. */
  readonly guessing: { readonly loss: number; readonly bits: number; readonly perplexity: number };
  /** Number of characters to train on; 0 for a synthetic task, which has no end. */
  readonly characters: number;
  /** Number of characters that are held back. */
  readonly heldBack: number;
  /** Number of streams of the text. With several, a batch must have as many rows. */
  readonly streams: number;
  /** Time steps of a window, if they are fixed. */
  readonly time?: number;
  /** Returns the first `count` characters. Undefined if the model has nothing to continue. */
  readonly opening: ((count: number) => Promise<string>) | undefined;
  /** Warnings for the user, one line each. */
  readonly warnings: readonly string[];
  /** Makes a model for it. @throws OptionError */
  model(options: CharModelOptions): CharModel;
  dispose(): void;
}

/**
 * Validation texts are evaluated in parallel rows, which is faster on a GPU than one long row: at
 * most so many rows, each of at least so many characters.
 */
const VALIDATION = { rows: 32, charactersPerRow: 200 };

/** One of several equal parts of a text, for a worker to train on. */
export interface Shard {
  /** Index of the part, from 0. */
  readonly index: number;
  readonly count: number;
}

/**
 * The training data of a text.
 * @param held share of the text, at its end, that is held back: from 0 to below 1
 * @param shard the part of the rest to train on. Default: all of it
 * @throws DataError for a part that is too short
 */
export function textTrainingData(whole: Corpus, held: number, name: string, shard?: Shard): TrainingData {
  const { train: rest, validation } = partsOfText(whole, held);
  const train = shard === undefined ? rest : rest.shard(shard.index, shard.count);
  const { size } = train.vocabulary;
  return {
    source: train,
    validation,
    evaluation: validation ? { batch: rowsOf(validation) } : {},
    evalEvery: 1000,
    name,
    called: 'the text',
    unit: { name: 'character', short: 'char' },
    guessing: { loss: Math.log(size), bits: Math.log2(size), perplexity: size },
    characters: train.characters,
    heldBack: validation?.characters ?? 0,
    streams: train.streams,
    opening: (count) => train.text(0, count),
    warnings: whole.warnings,
    model: charModel,
    dispose: () => whole.dispose(),
  };
}

/**
 * The training data of a synthetic task: windows without end, and other windows for evaluations.
 */
export function taskTrainingData(task: Task, called: string): TrainingData {
  const { name, about, baseline: loss, time } = task;
  return {
    source: task,
    validation: task,
    evaluation: {},
    evalEvery: 200,
    name,
    called,
    about,
    unit: { name: 'symbol', short: 'symbol' },
    guessing: { loss, bits: bitsOf(loss), perplexity: perplexityOf(loss) },
    characters: 0,
    heldBack: 0,
    streams: 1,
    time,
    opening: undefined,
    warnings: [],
    model: taskModel,
    dispose: () => undefined,
  };
}

/** Training part and validation part of a text. @throws DataError */
export function partsOfText(
  whole: Corpus,
  held: number,
): { readonly train: Corpus; readonly validation: Corpus | undefined } {
  return held === 0 ? { train: whole, validation: undefined } : whole.split(held);
}

function rowsOf({ streams, length }: Corpus): number {
  return streams > 1
    ? streams
    : Math.max(1, Math.min(VALIDATION.rows, Math.floor(length / VALIDATION.charactersPerRow)));
}
