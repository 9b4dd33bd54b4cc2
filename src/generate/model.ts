import type { DeviceArray } from '../core/arrays.js';
import { OptionError } from '../core/errors.js';
import type { ParameterLayout } from '../layers/parameters.js';
import type { GraphBuilder } from '../plan/graph.js';
import type { Tensor } from '../plan/tensor.js';
import type { Fields, Sizes } from '../train/batch.js';
import type { Method } from './methods.js';

/**
 * The symbols that a model writes, with the ids 0 to `size` − 1. This is the first file to read in
 * src/generate: it has the interface of a model that writes.
 */
export interface WrittenSymbols {
  /** V: number of symbols. */
  readonly size: number;
  /** Id that is read before the first symbol. */
  readonly begin?: number | undefined;
  /** Id that ends a sequence. Without one, sequences end only at the greatest length. */
  readonly end?: number | undefined;
  /** Ids of a text, without begin and end. An id of `size` or more means an unknown symbol. */
  encode(text: string): ArrayLike<number>;
  /** Id of one symbol. Default: `encode` of the symbol. */
  idOf?(symbol: string): number;
  /** Text of ids. */
  decode(ids: ArrayLike<number>): string;
}

/** A model's own defaults for options of `generate`, as plain data; see `GenerateOptions`. */
export interface GenerationDefaults {
  readonly method?: Method;
  readonly longest?: number;
  readonly ban?: readonly string[];
}

/** Conditions of N sequences as arrays. */
export interface Conditions {
  /** The arrays of `conditionFields`. */
  readonly arrays: Readonly<Record<string, DeviceArray>>;
  /** A value for every letter of the fields; N is the number of rows. */
  readonly sizes: Sizes;
  /**
   * Ids that each row reads before it writes, at least one. They are not in the result. Default:
   * the begin symbol.
   */
  readonly start?: readonly ArrayLike<number>[];
  /**
   * Number of positions that each row attends to. Attention weights in results have this length.
   */
  readonly attended?: ArrayLike<number>;
}

/** Input of `GenerativeModel.begin`. */
export interface BeginContext {
  readonly builder: GraphBuilder;
  readonly parameters: Readonly<Record<string, Tensor>>;
  /** The arrays of the conditions, in the shapes of `conditionFields`. */
  readonly fields: Readonly<Record<string, Tensor>>;
  readonly sizes: Sizes;
}

/** Result of `GenerativeModel.begin`. */
export interface GenerationStart {
  /** Tensors [N,C] that change from step to step, by name. */
  readonly states: Readonly<Record<string, Tensor>>;
  /** Tensors [P,N,C] that every step reads, by name, such as keys. Default: none. */
  readonly memory?: Readonly<Record<string, Tensor>>;
}

/** Input of `GenerativeModel.step`. Its N rows are the hypotheses of all sequences. */
export interface StepContext {
  readonly builder: GraphBuilder;
  readonly parameters: Readonly<Record<string, Tensor>>;
  /** u32 [N]: the symbols to read. */
  readonly ids: Tensor;
  /** The states before the step, by the names of `begin`. */
  readonly states: Readonly<Record<string, Tensor>>;
  /**
   * Tensors to which the states after the step may be written, which saves a copy. They are the
   * tensors of `states`. Undefined in a beam search, which reorders states after each step.
   */
  readonly next?: Readonly<Record<string, Tensor>> | undefined;
  /** The tensors `memory` of `begin`, [P,N,C]. */
  readonly memory: Readonly<Record<string, Tensor>>;
  /** The fields of `stepFields`, u32 [N]. */
  readonly fields: Readonly<Record<string, Tensor>>;
  readonly sizes: Sizes;
}

/** Result of `GenerativeModel.step`. */
export interface GenerationStep {
  /** [N,V], or [1,N,V] */
  readonly logits: Tensor;
  /** The states after the step, by the names of `begin`. */
  readonly states: Readonly<Record<string, Tensor>>;
  /** Attention weights over the positions of the condition, [N,S]. Default: none. */
  readonly attention?: Tensor | undefined;
}

/**
 * A model that writes sequences. It has two graphs besides the training graph, which all methods
 * use: `begin` encodes conditions, `step` reads one symbol of every row. C is the type of a
 * condition.
 */
export interface GenerativeModel<C = unknown> {
  readonly kind: string;
  readonly layout: ParameterLayout;
  readonly written: WrittenSymbols;
  /** The arrays that conditions are read into. */
  readonly conditionFields: Fields;
  /** Names of condition fields u32 ['N'] that steps read too, such as lengths. Default: none. */
  readonly stepFields?: readonly string[];
  /** Defaults for options of `generate`; checkpoints keep them. Default: none. */
  readonly generation?: GenerationDefaults | undefined;
  /**
   * Reads conditions into arrays of N rows, in their order. Sizes should be rounded up with
   * `roundedUp`, so that few programs are compiled.
   * @param first index of the first condition among all of the call, for messages
   * @throws DataError for a condition that is empty or of the wrong kind, with its index
   */
  readConditions(conditions: readonly C[], first: number): Conditions;
  /** Applies the ops that encode conditions. */
  begin(context: BeginContext): GenerationStart;
  /** Applies the ops of one step. */
  step(context: StepContext): GenerationStep;
}

/** Checks that a model writes sequences. @throws OptionError for others, such as a classifier */
export function checkGenerative(model: unknown): asserts model is GenerativeModel {
  const { layout, written, begin, step } = (
    typeof model === 'object' && model !== null ? model : {}
  ) as Partial<GenerativeModel>;
  if (layout && written && typeof begin === 'function' && typeof step === 'function') return;
  throw new OptionError(
    'model',
    model,
    'a model that writes sequences, such as languageModel({ tokenizer })',
  );
}

/**
 * `least` doubled until it is at least `count`. Sizes are rounded up so that few programs are
 * compiled.
 */
export function roundedUp(count: number, least = 1): number {
  let size = least;
  while (size < count) size *= 2;
  return size;
}
