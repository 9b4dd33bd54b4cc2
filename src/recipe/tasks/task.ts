/**
 * The first file to read in src/recipe/tasks. A task is what a model learns from records, such as a
 * label for each text. Each task has a file in this folder, which defines what it reads from a
 * record, which model it trains, how the model is measured, and how predictions are written.
 * `index.ts` lists the tasks. The command uses only these descriptions.
 */
import type { ColumnJSON } from '../../data/column.js';
import type { RowSource } from '../../data/dataset.js';
import type { Records, Split } from '../../data/records.js';
import type { Device, Memory } from '../../plan/device.js';
import type { DecoderAttention } from '../../tasks/attention.js';
import type { Context, Summary } from '../../tasks/bridge.js';
import type { Inject } from '../../tasks/captioner.js';
import type { LayersOptions } from '../../tasks/layers.js';
import type { Pooling } from '../../tasks/reader.js';
import type { Tokenizer } from '../../text/tokenizers/tokenizer.js';
import type { Fields } from '../../train/batch.js';
import type { Table } from '../../train/evaluation-measures.js';
import type { Model } from '../../train/model.js';

export const TASK_NAMES = ['classify', 'tag', 'regress', 'translate', 'caption'] as const;
export type TaskName = (typeof TASK_NAMES)[number];

/**
 * How texts are tokenized: by a rule, with the vocabulary of the training part, or by a tokenizer.
 */
export type TokensChoice = 'characters' | 'words' | Tokenizer;

/**
 * How images are read: a row of pixels per step, a pixel per step, or as a whole by convolutions.
 */
export const IMAGE_READINGS = ['rows', 'pixels', 'image'] as const;
export type ImageReading = (typeof IMAGE_READINGS)[number];

/** Default filters of convolutions. */
export const DEFAULT_FILTERS = [8, 16] as const;

/** Options of tasks. `TaskKind.takes` lists those of a task. */
export interface TaskOptions {
  /** Name of the entry that is read. Default `text`. */
  readonly text?: string;
  /** Name of the entry with the label. Default `label`. */
  readonly label?: string;
  /** Tokenizer of texts. Default: for translations `characters`, else `words`. */
  readonly tokens?: TokensChoice;
  /** Tokenizers of sources and targets. Default: `tokens`. */
  readonly sourceTokens?: TokensChoice;
  readonly targetTokens?: TokensChoice;
  /** Whether words are converted to lower case. Default false. */
  readonly lowercase?: boolean;
  /** Symbols that occur less often than this are unknown. Default 1. */
  readonly minCount?: number;
  /** How images are read; for tags, `image` means that steps are images. Default: no images. */
  readonly as?: ImageReading;
  /** Number of filters of each convolution, for `as: 'image'`. Default [8, 16]. */
  readonly filters?: readonly number[];
  /** How the steps of a sequence are summarized. Default `last`. */
  readonly pooling?: Pooling;
  /** Names of the series to read. */
  readonly inputs?: readonly string[];
  /** Name of the series to predict. */
  readonly target?: string;
  /** Number of steps to read. Default 48. */
  readonly window?: number;
  /** Number of steps from the last step of the window to the predicted value. Default 1. */
  readonly horizon?: number;
  /** Numbers in a step, if a record has a flat list. Default 1. */
  readonly stepSize?: number;
  readonly attention?: DecoderAttention;
  readonly summary?: Summary;
  readonly context?: Context;
  readonly inject?: Inject;
}

/** The recurrent layers, and E: the width of the vectors of symbols. Default 64. */
export type TaskLayers = LayersOptions & { readonly embedding?: number };

/** How a task reads its records, as plain data for checkpoints. */
export interface TaskSetup {
  readonly task: TaskName;
  /** Columns, with tokenizers, labels and statistics of the training part. */
  readonly columns: readonly ColumnJSON[];
  /** Options that the columns do not contain. */
  readonly options: Pick<
    TaskOptions,
    'text' | 'label' | 'as' | 'inputs' | 'target' | 'window' | 'horizon'
  > & {
    /** Numbers in a pixel of an image. Default 1. */
    readonly channels?: number;
  };
}

/** A task that was set up by its training part, and its untrained model. */
export interface LearntTask {
  readonly setup: TaskSetup;
  readonly model: Model;
  /** Warnings about the records, one line each. */
  readonly warnings: readonly string[];
}

/** One record's prediction. */
export interface Prediction {
  /** The prediction in one line. */
  readonly text: string;
  /** The same as plain data, with probabilities. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly attention?: AttentionMap;
}

/** Attention weights of a generated text. */
export interface AttentionMap {
  /** Symbols of the source; for an image, the indices of its places. */
  readonly source: readonly string[];
  /** Symbols that were written. */
  readonly output: readonly string[];
  /** For each written symbol a weight for each element of `source`. */
  readonly weights: readonly (readonly number[])[];
}

/** Options of predictions. */
export interface TaskPredictOptions {
  /** Records of a batch. Default 32. */
  readonly batch?: number;
  /** Width of the beam search, for tasks that write. Default: greedy choice. */
  readonly beam?: number;
  /** Whether predictions have attention weights, for models with attention. Default false. */
  readonly attention?: boolean;
}

/** Loss and measures of a model on records. */
export interface TaskEvaluation {
  /** Mean loss of the targets; in nats for cross-entropies. */
  readonly loss: number;
  /** Number of targets that have a loss. */
  readonly count: number;
  readonly measures: Readonly<Record<string, number>>;
  readonly tables: Readonly<Record<string, Table>>;
  /** Names of the rows and columns of tables. */
  readonly labels?: readonly string[];
}

/** Options of evaluations. */
export interface TaskEvaluateOptions {
  /** Records in a batch. Default 32. */
  readonly batch?: number;
  /** Width of the beam search, for tasks that write. Default: greedy choice. */
  readonly beam?: number;
  /** Number of texts that are generated and compared with targets. Default: one for each record. */
  readonly generated?: number;
}

/** Evaluates and predicts with a model whose parameters are in a memory. Its programs are kept. */
export interface TaskRunner {
  evaluate(records: Records<object>, options?: TaskEvaluateOptions): Promise<TaskEvaluation>;
  /**
   * One prediction for each record, in their order; undefined for a record with nothing to read,
   * such as an empty text, or with fewer steps than a window.
   */
  predict(records: readonly object[], options?: TaskPredictOptions): Promise<(Prediction | undefined)[]>;
  dispose(): void;
}

/** A task with its columns, after `learn` or from a checkpoint. */
export interface OpenTask {
  readonly kind: TaskKind;
  /** Makes batches to train on. @throws DataError for a record that does not fit the columns */
  source(records: Records<object>, batch: number): RowSource<Fields>;
  runner(device: Device, memory: Memory): TaskRunner;
  /** Makes a record from a line of text; undefined for a task that reads no texts. */
  readonly ofLine: ((line: string) => object) | undefined;
}

/** The description of a task. */
export interface TaskKind {
  readonly name: TaskName;
  /** Description of the task, in a few words. */
  readonly about: string;
  /** Whether its model writes texts, so that it can use beam search. */
  readonly writes: boolean;
  /** Names of its options. */
  readonly takes: readonly (keyof TaskOptions)[];
  /** Names of the options of layers that its model does not have. */
  readonly without: readonly (keyof TaskLayers)[];
  /** Names of its measures; the first is shown during training. */
  readonly measures: readonly string[];
  /**
   * Names of the entries of a record that predictions read, and of those that only training reads.
   */
  entries(options: TaskOptions): { readonly read: readonly string[]; readonly learnt: readonly string[] };
  /** The entry whose values a split can distribute evenly; undefined if there is none. */
  stratum(options: TaskOptions): string | undefined;
  /** Splits records into two parts. @throws DataError where a part would be empty */
  split(
    records: Records<object>,
    share: number,
    options: { readonly seed: number; readonly stratify?: string | undefined },
  ): Split<object>;
  /** Part `index` of `count`, for one worker of several. @throws DataError where it would be empty */
  shard(records: Records<object>, index: number, count: number): Records<object>;
  /**
   * Makes tokenizers, labels and statistics from the training part, and the model.
   * @throws DataError for records that it cannot read, OptionError for an option that does not fit
   */
  learn(
    records: { readonly train: Records<object>; readonly validation: Records<object> | undefined },
    options: TaskOptions,
    layers: TaskLayers,
  ): LearntTask;
  /** Opens the task for a model of the kind that `learn` makes. */
  open(setup: TaskSetup, model: Model): OpenTask;
}

/** Shards of records in any order. */
export const sharedOut: TaskKind['shard'] = (records, index, count) => records.shard(index, count);

/** Splits records at random. Equal seeds give equal parts. */
export const splitAtRandom: TaskKind['split'] = (records, share, { seed, stratify }) =>
  records.split(share, {
    seed,
    ...(stratify === undefined
      ? {}
      : { stratify: (record) => String((record as Readonly<Record<string, unknown>>)[stratify]) }),
  });
