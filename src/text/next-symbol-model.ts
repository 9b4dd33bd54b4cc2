import { OptionError } from '../core/errors.js';
import type { ParameterLayout } from '../layers/parameters.js';
import type { GraphBuilder } from '../plan/graph.js';
import type { Tensor } from '../plan/tensor.js';
import type { Vocabulary } from './vocabulary.js';

/** The members of a model that a sampler needs. */
export interface NextSymbolModel {
  readonly vocabulary: Vocabulary;
  readonly layout: ParameterLayout;
  readonly config: { readonly bidirectional: boolean };
  /** @returns logits [T*N,V] */
  apply(
    builder: GraphBuilder,
    parameters: Readonly<Record<string, Tensor>>,
    window: { readonly T: number; readonly N: number },
    inputs: { readonly ids: Tensor; readonly keep: Tensor },
    use: string,
  ): Tensor;
}

/** @throws OptionError unless `model` predicts symbols; recurrent layers alone do not */
export function checkNextSymbolModel(model: unknown): asserts model is NextSymbolModel {
  const { vocabulary, config, layout, apply } = (
    typeof model === 'object' && model !== null ? model : {}
  ) as Partial<NextSymbolModel>;
  if (vocabulary && config && layout && typeof apply === 'function') return;
  throw new OptionError(
    'model',
    model,
    'a model, as charModel({ vocabulary }) or taskModel({ vocabulary }) makes it',
  );
}

/** Returns the model. @throws OptionError if it is bidirectional and so has read the next symbol */
export function readsNoFuture<M extends Pick<NextSymbolModel, 'config'>>(model: M): M {
  if (model.config.bidirectional)
    throw new OptionError(
      'bidirectional',
      true,
      'false for a model of the next symbol: its backward direction would have read that symbol already',
    );
  return model;
}
