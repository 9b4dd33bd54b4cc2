import { OptionError } from '../core/errors.js';
import {
  checkForgetBias,
  checkInitializer,
  initialParameters,
  isEmbedding,
  refinedParameters,
} from '../layers/initializers.js';
import type { LayersOptions } from '../tasks/layers.js';
import { LAYERS_DEFAULTS } from '../tasks/layers.js';
import type { Model } from '../train/model.js';
import type { Changes } from './apply-changes.js';

/** Changes of the initial weights. */
export type StartingChanges = Pick<Changes, 'init' | 'forgetBias' | 'embeddingStd'>;

/**
 * The model with other initial weights. By default, modules start like PyTorch's, which is also
 * what `torch` means.
 * @throws OptionError for initial weights that the model's cell cannot have
 */
export function startingFrom<M extends Model>(model: M, changes: StartingChanges): M {
  const { init: chosen, forgetBias, embeddingStd } = changes;
  const init = chosen === 'torch' ? undefined : chosen;
  if ((init ?? forgetBias ?? embeddingStd) === undefined) return model;
  const { cell = LAYERS_DEFAULTS.cell, biases } = model.config as Partial<LayersOptions>;
  const { layout } = model;
  if (embeddingStd !== undefined && !hasEmbedding(model))
    throw new OptionError('embeddingStd', embeddingStd, 'none for a model without an embedding');
  const refined = {
    ...(forgetBias === undefined ? {} : { forgetBias }),
    ...(embeddingStd === undefined ? {} : { embedding: embeddingStd }),
  };
  if (init === undefined) {
    checkForgetBias(refined, cell, biases);
    return {
      ...model,
      initialParameters: (seed) => refinedParameters(layout, model.initialParameters(seed), refined),
    };
  }
  const start = checkInitializer({ ...init, ...refined }, cell, biases);
  return { ...model, initialParameters: (seed) => initialParameters(layout, start, seed) };
}

/** Whether a model has an embedding. */
export function hasEmbedding({ layout }: Pick<Model, 'layout'>): boolean {
  return layout.specs.some(({ name }) => isEmbedding(name));
}
