import { FileFormatError } from '../core/errors.js';
import { charModelKind } from '../text/char-model.js';
import { kindOfCheckpoint } from '../train/checkpoint.js';
import type { ModelKind } from '../train/model.js';

/**
 * Loaders of the kinds of this library's models. A kind is loaded when a checkpoint needs it, so
 * that a page loads only the models that it uses.
 */
const LOADERS: Readonly<Record<string, () => Promise<ModelKind>>> = {
  [charModelKind.kind]: () => Promise.resolve(charModelKind),
  'language-model': async () => (await import('../text/language-model.js')).languageModelKind,
  classifier: async () => (await import('../tasks/classifier.js')).classifierKind,
  tagger: async () => (await import('../tasks/tagger.js')).taggerKind,
  regressor: async () => (await import('../tasks/regressor.js')).regressorKind,
  'encoder-decoder': async () => (await import('../tasks/encoder-decoder.js')).encoderDecoderKind,
  captioner: async () => (await import('../tasks/captioner.js')).captionerKind,
};

/**
 * The kind of the model in a checkpoint: one of `own`, or of this library.
 * @throws FileFormatError for a file that is truncated or damaged, and for an unknown kind
 */
export async function loadKindOf(bytes: Uint8Array, own: readonly ModelKind[]): Promise<ModelKind> {
  // If the file has no kind, `readCheckpoint` reports the reason.
  const wanted = kindOfCheckpoint(bytes) ?? charModelKind.kind;
  const given = own.find(({ kind }) => kind === wanted);
  if (given) return given;
  if (Object.hasOwn(LOADERS, wanted)) return LOADERS[wanted]();
  const known = [...own.map(({ kind }) => kind), ...Object.keys(LOADERS)];
  throw new FileFormatError(
    `The checkpoint is of a ${JSON.stringify(wanted)} model; known kinds are ${known.join(', ')}. Pass its ` +
      'kind in the option kinds.',
  );
}
