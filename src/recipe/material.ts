import { charModel, taskModel, type CharModel, type CharModelOptions } from '../text/char-model.js';
import type { Corpus } from '../text/corpus.js';
import type { Task } from '../text/synthetic/copy-memory.js';
import type { SymbolSource } from '../text/window-loader.js';
import type { EvaluateOptions } from '../train/source.js';

/**
 * What is learnt, opened: a source and everything that a text and a made-up task do not share. It
 * is made once, where one of them is opened, so that nobody has to ask later which of them it is.
 */
export interface Material {
  /** What is trained on. */
  readonly source: SymbolSource;
  /** What is evaluated on the way: the part of a text that is held back, or the task itself. */
  readonly validation: SymbolSource | undefined;
  /** How it is evaluated, and after how many steps where nobody says. */
  readonly evaluation: EvaluateOptions;
  readonly evalEvery: number;
  /** How it is called on screen. */
  readonly name: string;
  /** How a sentence about its symbols calls it. */
  readonly called: string;
  /** What the network has to do, in a line; a text says enough by its name. */
  readonly about?: string;
  /** What one prediction is of, in full and in short. */
  readonly unit: { readonly name: 'character' | 'symbol'; readonly short: 'char' | 'symbol' };
  /** What a network that knows nothing reaches per prediction: nats, bits and perplexity. */
  readonly guessing: { readonly loss: number; readonly bits: number; readonly perplexity: number };
  /** Characters that are trained on and that are held back; 0 where there is no end of them. */
  readonly characters: number;
  readonly heldBack: number;
  /** Rows that a batch must have, where there are several. */
  readonly streams: number;
  /** Time steps of a window, where they are not free. */
  readonly time?: number;
  /** Its first `count` characters; undefined where the model has nothing to continue. */
  readonly opening: ((count: number) => Promise<string>) | undefined;
  /** What a person should be told, one line each. */
  readonly warnings: readonly string[];
  /** Makes a model that may learn it. @throws OptionError */
  model(options: CharModelOptions): CharModel;
  dispose(): void;
}

/**
 * Validation texts of so many characters run in parallel rows, which a GPU likes better than one
 * long row.
 */
const VALIDATION = { rows: 32, charactersPerRow: 200 };

/** Which of several equal parts of a text one worker trains on. */
export interface Shard {
  /** Counted from 0. */
  readonly index: number;
  readonly count: number;
}

/**
 * A text of which the last `held` (a share from 0 to below 1) is held back.
 * @param shard the part of the rest that is trained on. Default: all of it
 * @throws DataError where a part is too short
 */
export function textMaterial(whole: Corpus, held: number, name: string, shard?: Shard): Material {
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

/** A made-up task, which makes windows without end and holds out some of its own. */
export function taskMaterial(task: Task, called: string): Material {
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
    guessing: { loss, bits: loss / Math.LN2, perplexity: Math.exp(loss) },
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
