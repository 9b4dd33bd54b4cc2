import type { DeviceArray } from '../core/arrays.js';
import { OptionError } from '../core/errors.js';
import type { ParameterLayout } from '../layers/parameters.js';
import type { GraphBuilder } from '../plan/graph.js';
import type { Tensor } from '../plan/tensor.js';
import type { Fields, Sizes } from '../train/batch.js';
import type { Method } from './methods.js';

/** The symbols that a model writes, with the ids 0 to `size` − 1. */
export interface WrittenSymbols {
  /** V */
  readonly size: number;
  /** Id that is read before the first symbol. */
  readonly begin?: number | undefined;
  /** Id that ends a sequence. Without one, a sequence ends at its greatest length alone. */
  readonly end?: number | undefined;
  /** Ids of a text, without begin and end. An id of `size` or more stands for an unknown symbol. */
  encode(text: string): ArrayLike<number>;
  /** The id of one symbol. Default: that of a text of one symbol. */
  idOf?(symbol: string): number;
  decode(ids: ArrayLike<number>): string;
}

/** Options of `generate` that a model has by itself: plain data. See `GenerateOptions`. */
export interface GenerationDefaults {
  readonly method?: Method;
  readonly longest?: number;
  readonly ban?: readonly string[];
}

/** What N sequences are generated from. */
export interface Conditions {
  /** The arrays of `conditionFields`. */
  readonly arrays: Readonly<Record<string, DeviceArray>>;
  /** A value for every letter of the fields; N is the number of rows. */
  readonly sizes: Sizes;
  /**
   * Ids that each row has read before it writes, at least one. They are no part of the result.
   * Default: the begin symbol.
   */
  readonly start?: readonly ArrayLike<number>[];
  /** Positions that each row attends to: its attention weights are cut to as many. */
  readonly attended?: ArrayLike<number>;
}

/** What `begin` is given. */
export interface BeginContext {
  readonly builder: GraphBuilder;
  readonly parameters: Readonly<Record<string, Tensor>>;
  /** The arrays of the conditions, in the shapes of `conditionFields`. */
  readonly fields: Readonly<Record<string, Tensor>>;
  readonly sizes: Sizes;
}

/** What a condition becomes before the first symbol. */
export interface GenerationStart {
  /** Tensors [N,C] that change from step to step, by name. */
  readonly states: Readonly<Record<string, Tensor>>;
  /** Tensors [P,N,C] that every step reads, by name, such as keys. Default: none. */
  readonly memory?: Readonly<Record<string, Tensor>>;
}

/** What `step` is given. Its rows are the hypotheses of all sequences: `sizes.N` counts them. */
export interface StepContext {
  readonly builder: GraphBuilder;
  readonly parameters: Readonly<Record<string, Tensor>>;
  /** u32 [N]: the symbols that are read. */
  readonly ids: Tensor;
  /** The states before the step, by the names of `begin`. */
  readonly states: Readonly<Record<string, Tensor>>;
  /**
   * Where the states after the step may be written, which saves a copy: the tensors of `states`
   * themselves. Undefined in a beam search, which reorders the states after each step.
   */
  readonly next?: Readonly<Record<string, Tensor>> | undefined;
  /** What `begin` gave as memory, [P,N,C]. */
  readonly memory: Readonly<Record<string, Tensor>>;
  /** The fields of `stepFields`, u32 [N]. */
  readonly fields: Readonly<Record<string, Tensor>>;
  readonly sizes: Sizes;
}

/** What a step gives. */
export interface GenerationStep {
  /** [N,V], or [1,N,V] */
  readonly logits: Tensor;
  /** The states after the step, by the names of `begin`. */
  readonly states: Readonly<Record<string, Tensor>>;
  /** Weights over the positions of the condition, [N,S], where the model attends. */
  readonly attention?: Tensor | undefined;
}

/**
 * A model that writes sequences: besides its training graph it has two more. `begin` encodes
 * conditions; `step` reads one symbol of every row. Greedy choice, sampling and beam search drive
 * the same two. C is the type of one condition.
 */
export interface GenerativeModel<C = unknown> {
  readonly kind: string;
  readonly layout: ParameterLayout;
  readonly written: WrittenSymbols;
  readonly conditionFields: Fields;
  /** Names of fields u32 ['N'] that steps read too, such as lengths. Default: none. */
  readonly stepFields?: readonly string[];
  /** What `generate` does where a call says nothing; a checkpoint keeps it. */
  readonly generation?: GenerationDefaults | undefined;
  /**
   * Puts conditions into arrays of N rows, in this order. Sizes are rounded up, so that few programs
   * are compiled.
   * @param first number of the first condition among all of the call, for messages
   * @throws DataError for a condition that is empty or of the wrong kind, naming its number
   */
  readConditions(conditions: readonly C[], first: number): Conditions;
  begin(context: BeginContext): GenerationStart;
  step(context: StepContext): GenerationStep;
}

/** Refuses what does not generate, such as a classifier. @throws OptionError */
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

/** The next power of two: lengths and rows are rounded up to it, so that few programs are compiled. */
export function roundedUp(count: number, least = 1): number {
  let size = least;
  while (size < count) size *= 2;
  return size;
}
