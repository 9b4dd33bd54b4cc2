import { OptionError } from '../core/errors.js';
import type { CharModel } from './char-model.js';

/**
 * Refuses what is no character model, such as recurrent layers on their own or a model's options.
 * @throws OptionError
 */
export function checkModel(model: unknown): asserts model is CharModel {
  const { vocabulary, config, layout, apply } = (
    typeof model === 'object' && model !== null ? model : {}
  ) as Partial<CharModel>;
  if (vocabulary && config && layout && typeof apply === 'function') return;
  throw new OptionError(
    'model',
    model,
    'a model, as charModel({ vocabulary }) or taskModel({ vocabulary }) makes it',
  );
}
