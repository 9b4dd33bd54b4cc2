import type { DefinedModel } from '../nn/define-model.js';
import type { Scope, Sym } from '../nn/sym.js';
import type { Tensor } from '../plan/tensor.js';
import type { Fields } from '../train/batch.js';
import type { Decoded, DecoderSource } from './decoder-parts.js';

/** A source, read: what the decoder starts from, and what all its steps share. Plain tensors. */
export interface EncodedSource {
  /** Initial states [N,H] by the names of `states`; those that are missing are zero. */
  readonly initial: Readonly<Record<string, Tensor>>;
  readonly source: DecoderSource;
}

/** A model that writes symbols from a condition, step by step. */
export interface DecodingModel<F extends Fields = Fields> extends DefinedModel<F> {
  /** Names of the decoder's states, each [N,H]. */
  readonly decoderStates: readonly string[];
  /** H of the decoder. */
  readonly decoderHidden: number;
  /** V: ids that the decoder reads and writes. */
  readonly targetSymbols: number;
  /** Reads the condition. @param fields those of the condition alone, by name */
  encode(scope: Scope, fields: Readonly<Record<string, Sym>>): EncodedSource;
  /**
   * Writes a window, such as one step.
   * @param previous u32 [T,N]
   * @param states before the window by the names of `decoderStates`: those of `encode`, or those that
   *   an earlier window ended with
   */
  decode(
    scope: Scope,
    source: DecoderSource,
    previous: Tensor,
    states: Readonly<Record<string, Tensor>>,
  ): Decoded;
}
