import { languageModelKind } from '../text/language-model.js';
import type { ModelKind } from '../train/model.js';
import { captionerKind } from './captioner.js';
import { classifierKind } from './classifier.js';
import { encoderDecoderKind } from './encoder-decoder.js';
import { regressorKind } from './regressor.js';
import { taggerKind } from './tagger.js';

/**
 * The kinds of models of tasks, and of language models: `readCheckpoint(bytes, TASK_KINDS)` reads a
 * checkpoint of any of them, and `readCheckpoint(bytes, [classifierKind])` one whose kind is known.
 */
export const TASK_KINDS: readonly ModelKind[] = [
  classifierKind,
  taggerKind,
  regressorKind,
  encoderDecoderKind,
  captionerKind,
  languageModelKind,
];
