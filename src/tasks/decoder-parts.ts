import type { Expressions } from '../cells/expressions.js';
import { joinRows } from '../cells/general.js';
import type { RecurrentModule } from '../nn/recurrent.js';
import type { Scope } from '../nn/sym.js';
import type { Tensor } from '../plan/tensor.js';
import type { DecoderAttention } from './attention.js';
import type { LayersOptions } from './layers.js';

/** Name of the attentional vector among the states of a decoder that is fed its own. */
export const FED = 'fed';

/** Name of what joins the inputs' part of the gates at the first step alone, [N,G*H]. */
export const FIRST = 'first';

/** Sizes and kinds that make a decoder. */
export interface DecoderOptions extends LayersOptions {
  /** V and E of the target's symbols. */
  readonly symbols: number;
  readonly embedding: number;
  readonly attention: DecoderAttention;
  /** W: features of a position of the memory; 0 without attention. */
  readonly memory: number;
  /** A: units of additive attention. */
  readonly attentionSize: number;
  /** Features of a vector that is joined to every input, [embedding; c]; 0 for none. */
  readonly joined: number;
  /** Something joins the first input alone: the state `first`. */
  readonly joinsFirst: boolean;
  /** The attentional vector of the step before joins the input, [embedding; c; h̃]. */
  readonly inputFeeding: boolean;
}

/** What all steps of a decoder share: plain tensors, by name. */
export interface DecoderSource {
  /** [S,N,W], and [N] positions of each row. */
  readonly memory?: Tensor | undefined;
  readonly lengths?: Tensor | undefined;
  /** The memory as queries are compared with it: [S,N,H], or [S,N,A] of additive attention. */
  readonly keys?: Tensor | undefined;
  /** The memory by the columns of weight_ih that its average meets, [S,N,G*H]: additive attention. */
  readonly values?: Tensor | undefined;
  /** What joins the inputs' part of the gates at every step, [N,G*H]. */
  readonly joined?: Tensor | undefined;
}

/** What a decoder makes of a window. */
export interface Decoded {
  /** [T,N,V] */
  readonly logits: Tensor;
  /** [T,N,S], where there is attention. */
  readonly attention: Tensor | undefined;
  /** After the last step, by the names of `states`. */
  readonly states: Readonly<Record<string, Tensor>>;
}

/** A window for a decoder. */
export interface DecoderWindow {
  /** What the lowest layer makes of its inputs but for what the source adds, [T,N,G*H]. */
  readonly projected: Tensor;
  /** States before the window by the names of `states`; zero where left out. */
  readonly initial: Readonly<Record<string, Tensor>>;
  /** `[T*N]`: 0 at padded steps, whose outputs become zero; undefined where nobody looks at them. */
  readonly mask?: Tensor | undefined;
  /**
   * Input of step t > 0 from what was predicted before it: the projected input [N,G*H], made of that
   * of the window and the logits [N,V].
   */
  readonly mix?: (e: Expressions, t: number, projected: Tensor, logits: Tensor) => Tensor;
}

/** The modules of a decoder as functions of plain tensors. */
export interface DecoderParts {
  readonly options: DecoderOptions;
  readonly rnn: RecurrentModule;
  /** The columns of weight_ih that the attentional vector of the step before meets, [G*H,H]. */
  feed(scope: Scope): Tensor;
  /** Weights of additive attention. */
  query(scope: Scope): { readonly weight_query: Tensor; readonly weight_score: Tensor };
  /** tanh(combine([context; h])): [..,W] and [..,H] become [..,H]. */
  combine(scope: Scope, context: Tensor, h: Tensor): Tensor;
  /** [..,H] becomes [..,V]. */
  head(scope: Scope, x: Tensor): Tensor;
}

/** Tensors [N,·] of all steps as one [T,N,·]. */
export function joinSteps(e: Expressions, what: string, parts: readonly Tensor[]): Tensor {
  const [N, width] = parts[0].shape;
  const all = parts.length === 1 ? parts[0] : joinRows(e.builder, e.label(what), parts);
  return e.view(all, [parts.length, N, width]);
}

/** Initial states by name; tensors that nobody writes to are zero. */
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

/** The state `first` after a window: zero, since it is joined once. */
export function nothingFirst(
  e: Expressions,
  initial: Readonly<Record<string, Tensor>>,
): Readonly<Record<string, Tensor>> {
  if (!initial[FIRST]) return {};
  return { [FIRST]: e.builder.tensor('input', e.label('zero.first'), initial[FIRST].shape) };
}
