import type { Expressions } from '../cells/expressions.js';
import { joinRows } from '../cells/general.js';
import type { RecurrentModule } from '../nn/recurrent.js';
import type { Scope } from '../nn/scope.js';
import type { Tensor } from '../plan/tensor.js';
import type { DecoderAttention } from './attention.js';
import type { LayersOptions } from './layers.js';

/** Name of the state with the attentional vector of the previous step, for input feeding. */
export const FED = 'fed';

/** Name of the state that is added to the gates' input product at the first step only, [N,G*H]. */
export const FIRST = 'first';

/** Options of a decoder. */
export interface DecoderOptions extends LayersOptions {
  /** V and E of the symbols that the decoder writes. */
  readonly symbols: number;
  readonly embedding: number;
  readonly attention: DecoderAttention;
  /** W: features of a position of the memory. 0 without attention. */
  readonly memory: number;
  /** A: units of additive attention. */
  readonly attentionSize: number;
  /** Features of the vector c that is joined to every input, [embedding; c]. 0: none. */
  readonly joined: number;
  /** Whether there is a state `first`. */
  readonly joinsFirst: boolean;
  /**
   * Whether the attentional vector h̃ of the previous step is joined to the input, [embedding; c;
   * h̃].
   */
  readonly inputFeeding: boolean;
}

/** The tensors of the source that all steps of a decoder share. */
export interface DecoderSource {
  /** [S,N,W], and [N]: number of positions of each row. */
  readonly memory?: Tensor | undefined;
  readonly lengths?: Tensor | undefined;
  /**
   * The memory projected for comparison with queries: [S,N,H], or [S,N,A] for additive attention.
   */
  readonly keys?: Tensor | undefined;
  /**
   * For additive attention: the memory times the columns of weight_ih of the context, [S,N,G*H].
   */
  readonly values?: Tensor | undefined;
  /** The part that is added to the gates' input product at every step, [N,G*H]. */
  readonly joined?: Tensor | undefined;
}

/** The result of a decoder for a window. */
export interface Decoded {
  /** [T,N,V] */
  readonly logits: Tensor;
  /** [T,N,S], only with attention. */
  readonly attention: Tensor | undefined;
  /** By name: the states after the last step. */
  readonly states: Readonly<Record<string, Tensor>>;
}

/** The input of a decoder for a window. */
export interface DecoderWindow {
  /** The input product of the lowest layer without the parts of the source, [T,N,G*H]. */
  readonly projected: Tensor;
  /** By name: the states before the window. Default: zero. */
  readonly initial: Readonly<Record<string, Tensor>>;
  /**
   * `[T*N]`: 0 at padded steps, whose outputs become zero. Undefined if outputs there are not used.
   */
  readonly mask?: Tensor | undefined;
  /**
   * The projected input [N,G*H] of step t > 0, from that of the window and the logits [N,V] of the
   * previous step.
   */
  readonly mix?: (e: Expressions, t: number, projected: Tensor, logits: Tensor) => Tensor;
}

/** The modules of a decoder as functions of plain tensors. */
export interface DecoderParts {
  readonly options: DecoderOptions;
  readonly rnn: RecurrentModule;
  /** The columns of weight_ih for the attentional vector of the previous step, [G*H,H]. */
  feed(scope: Scope): Tensor;
  /** Weights of additive attention. */
  query(scope: Scope): { readonly weight_query: Tensor; readonly weight_score: Tensor };
  /** tanh(combine([context; h])): [..,W] and [..,H] become [..,H]. */
  combine(scope: Scope, context: Tensor, h: Tensor): Tensor;
  /** [..,H] becomes [..,V]. */
  head(scope: Scope, x: Tensor): Tensor;
}

/** Joins tensors [N,·] of all steps to one [T,N,·]. */
export function joinSteps(e: Expressions, what: string, parts: readonly Tensor[]): Tensor {
  const [N, width] = parts[0].shape;
  const all = parts.length === 1 ? parts[0] : joinRows(e.builder, e.label(what), parts);
  return e.view(all, [parts.length, N, width]);
}

/** By name: initial states. A missing state is a tensor without a writer, which is zero. */
export function initialStates(
  e: Expressions,
  names: readonly string[],
  given: Readonly<Record<string, Tensor>>,
  size: readonly number[],
): Record<string, Tensor> {
  return Object.fromEntries(
    names.map((name) => [name, given[name] ?? e.builder.tensor('input', e.label(`zero.${name}`), size)]),
  );
}

/** The state `first` after a window: zero, since it is added only once. */
export function nothingFirst(
  e: Expressions,
  initial: Readonly<Record<string, Tensor>>,
): Readonly<Record<string, Tensor>> {
  if (!initial[FIRST]) return {};
  return { [FIRST]: e.builder.tensor('input', e.label('zero.first'), initial[FIRST].shape) };
}
