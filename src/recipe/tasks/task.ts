/**
 * The file to read first. A task is something that a model learns from records: a label for each
 * text, a text for each text. Each task has a file beside this one, which says what it reads of a
 * record, which model learns it, how the model is measured, and how a prediction is written.
 * `index.ts` lists them. The command trains, evaluates and predicts by these descriptions alone.
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
import type { Table } from '../../train/measure.js';
import type { Model } from '../../train/model.js';

export const TASK_NAMES = ['classify', 'tag', 'regress', 'translate', 'caption'] as const;
export type TaskName = (typeof TASK_NAMES)[number];

/** How texts are cut: by a rule, with a vocabulary of the training part, or by a given tokenizer. */
export type TokensChoice = 'characters' | 'words' | Tokenizer;

/** How an image becomes steps: a row of pixels a step, a pixel a step, or one step of convolutions. */
export const IMAGE_READINGS = ['rows', 'pixels', 'image'] as const;
export type ImageReading = (typeof IMAGE_READINGS)[number];

/** Filters of convolutions where a user says nothing. */
export const DEFAULT_FILTERS = [8, 16] as const;

/** What a user may choose of a task. Each task takes some of it: see `TaskKind.takes`. */
export interface TaskOptions {
  /** Name of the entry that is read. Default `text`. */
  readonly text?: string;
  /** Name of the entry with the label. Default `label`. */
  readonly label?: string;
  /** Default: of translations `characters`, else `words`. */
  readonly tokens?: TokensChoice;
  /** Default: as `tokens`. */
  readonly sourceTokens?: TokensChoice;
  readonly targetTokens?: TokensChoice;
  /** Capitals are small letters, where tokens are words. Default false. */
  readonly lowercase?: boolean;
  /** Symbols that occur less often are unknown. Default 1. */
  readonly minCount?: number;
  /** Records are images, read in this way; of tags, steps are (`image`). Default: they are not. */
  readonly as?: ImageReading;
  /** Filters of each convolution, where images are read as a whole. Default [8, 16]. */
  readonly filters?: readonly number[];
  /** Default `last`. */
  readonly pooling?: Pooling;
  /** Names of the series that are read. */
  readonly inputs?: readonly string[];
  /** Name of the series that is predicted. */
  readonly target?: string;
  /** Steps that are read. Default 48. */
  readonly window?: number;
  /** How many steps behind the last one read the predicted value is. Default 1. */
  readonly horizon?: number;
  /** Numbers of a step, where a record has them in one flat list. Default 1. */
  readonly stepSize?: number;
  readonly attention?: DecoderAttention;
  readonly summary?: Summary;
  readonly context?: Context;
  readonly inject?: Inject;
}

/** The recurrent layers, and E: the width of the vectors of symbols. Default 64. */
export type TaskLayers = LayersOptions & { readonly embedding?: number };

/** How a task reads its records, as plain data: a checkpoint keeps it. */
export interface TaskSetup {
  readonly task: TaskName;
  /** With tokenizers, labels and statistics of the training part. */
  readonly columns: readonly ColumnJSON[];
  /** What the columns do not tell. */
  readonly options: Pick<
    TaskOptions,
    'text' | 'label' | 'as' | 'inputs' | 'target' | 'window' | 'horizon'
  > & {
    /** Of images: numbers of a pixel. Default 1. */
    readonly channels?: number;
  };
}

/** A task and the model that is to learn it. */
export interface LearntTask {
  readonly setup: TaskSetup;
  readonly model: Model;
  /** What a person should know about the records, one line each. */
  readonly warnings: readonly string[];
}

/** One record's prediction. */
export interface Prediction {
  /** In one line. */
  readonly text: string;
  /** The same as plain data, with probabilities. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly attention?: AttentionMap;
}

/** Where a model looked while it wrote. */
export interface AttentionMap {
  /** Symbols that were read; of an image, the numbers of its places. */
  readonly source: readonly string[];
  /** Symbols that were written. */
  readonly output: readonly string[];
  /** By written symbol: a weight for each of `source`. */
  readonly weights: readonly (readonly number[])[];
}

/** How predictions are made. */
export interface TaskPredictOptions {
  /** Records of a batch. Default 32. */
  readonly batch?: number;
  /** Width of the beam search, of tasks that write. Default: the likeliest symbol each time. */
  readonly beam?: number;
  /** Whether predictions have their attention, of models that attend. Default false. */
  readonly attention?: boolean;
}

/** How well a model does on records. */
export interface TaskEvaluation {
  /** Mean loss per target; in nats where losses are cross-entropies. */
  readonly loss: number;
  /** Targets that count. */
  readonly count: number;
  readonly measures: Readonly<Record<string, number>>;
  readonly tables: Readonly<Record<string, Table>>;
  /** Names of the rows and columns of tables. */
  readonly labels?: readonly string[];
}

/** How much is evaluated. */
export interface TaskEvaluateOptions {
  readonly batch?: number;
  /** Width of the beam search, of tasks that write. */
  readonly beam?: number;
  /** Texts that are generated to be compared with what was wanted. Default: one for each record. */
  readonly generated?: number;
}

/** Evaluates and predicts by a model whose parameters are in a memory. Programs are kept. */
export interface TaskRunner {
  evaluate(records: Records<object>, options?: TaskEvaluateOptions): Promise<TaskEvaluation>;
  /**
   * One prediction for each record, in their order; undefined where there is nothing to read, such
   * as an empty text, or fewer steps than a window.
   */
  predict(records: readonly object[], options?: TaskPredictOptions): Promise<(Prediction | undefined)[]>;
  dispose(): void;
}

/** A task with its columns: right after `learn`, or from a checkpoint. */
export interface OpenTask {
  readonly kind: TaskKind;
  /** Batches to learn from. @throws DataError for a record that does not fit the columns */
  source(records: Records<object>, batch: number): RowSource<Fields>;
  runner(device: Device, memory: Memory): TaskRunner;
  /** The record of a line of text; undefined for a task that reads no texts. */
  readonly ofLine: ((line: string) => object) | undefined;
}

/** The description of a task. */
export interface TaskKind {
  readonly name: TaskName;
  /** What is learnt, in a few words. */
  readonly about: string;
  /** Whether its model writes texts, for which it may search with a beam. */
  readonly writes: boolean;
  /** The options that it takes. */
  readonly takes: readonly (keyof TaskOptions)[];
  /** Options of layers that its model does not have. */
  readonly without: readonly (keyof TaskLayers)[];
  /** Names of its measures; the first is shown while it trains. */
  readonly measures: readonly string[];
  /** Entries that a prediction reads, and further ones that are learnt. */
  entries(options: TaskOptions): { readonly read: readonly string[]; readonly learnt: readonly string[] };
  /** The entry by whose values a split can keep the shares, where there is one. */
  stratum(options: TaskOptions): string | undefined;
  /** Two parts without a common record. @throws DataError where a part would be empty */
  split(
    records: Records<object>,
    share: number,
    options: { readonly seed: number; readonly stratify?: string | undefined },
  ): Split<object>;
  /** Part `index` of `count`, for one worker of several. @throws DataError where it would be empty */
  shard(records: Records<object>, index: number, count: number): Records<object>;
  /**
   * Chooses tokenizers, labels and statistics by the training part, and makes the model.
   * @throws DataError for records that cannot be learnt, OptionError for an option that does not fit
   */
  learn(
    records: { readonly train: Records<object>; readonly validation: Records<object> | undefined },
    options: TaskOptions,
    layers: TaskLayers,
  ): LearntTask;
  /** @param model of the kind that `learn` makes */
  open(setup: TaskSetup, model: Model): OpenTask;
}

/** Shards of records in any order. */
export const sharedOut: TaskKind['shard'] = (records, index, count) => records.shard(index, count);

/** A split at random, the same for the same seed. */
export const splitAtRandom: TaskKind['split'] = (records, share, { seed, stratify }) =>
  records.split(share, {
    seed,
    ...(stratify === undefined
      ? {}
      : { stratify: (record) => String((record as Readonly<Record<string, unknown>>)[stratify]) }),
  });
