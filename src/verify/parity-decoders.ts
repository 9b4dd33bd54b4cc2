import { encoderDecoder, type EncoderDecoderOptions } from '../tasks/encoder-decoder.js';
import type { Batch, Fields } from '../train/batch.js';
import { tensor, type ParityCase, type ParityRunner } from './parity-case.js';
import { compareCurve } from './parity-curve.js';
import { compareModel, floatsOf, idsOf, type ModelCase } from './parity-model.js';
import { compareBeam, decodingOf, numbered } from './parity-beam.js';
import { imagesOfCase, layersOfCase } from './parity-readers.js';

/** Names of an encoder–decoder's fields in the cases. */
const ENCODER_DECODER_INPUTS = {
  source: 'source_ids',
  sourceLengths: 'source_lengths',
  previous: 'decoder_ids',
  targets: 'targets',
} as const;

export const runEncoderDecoder: ParityRunner = (parity, device) => {
  const { config } = parity;
  const embedding = Number(config.embedding_size);
  const V = Number(config.target_vocab_size);
  const decoding = decodingOf(config);
  const images = imagesOfCase(parity);
  const features = 'input.source_features' in parity.tensors;
  const symbols = { symbols: Number(config.source_vocab_size), embedding };
  const model = encoderDecoder({
    ...layersOfCase(config),
    source: images ?? (features ? { features: Number(config.feature_size) } : symbols),
    target: { ...(decoding ? { tokenizer: numbered(V, decoding) } : { symbols: V }), embedding },
    ...({
      summary: config.summary ?? undefined,
      context: config.context ?? undefined,
      attention: config.attention ?? 'none',
      attentionSize: config.attention === 'additive' ? (config.attention_size ?? undefined) : undefined,
    } as Pick<EncoderDecoderOptions, 'summary' | 'context' | 'attention' | 'attentionSize'>),
  });
  if (decoding) return compareBeam(parity, device, model, decoding);
  if (images || features) return compareModel(parity, device, numbersCase(parity, model, V));
  const batchOf = (step?: number): Batch => {
    const [S, N] = tensor(parity, 'input.source_ids').shape.slice(-2);
    const [T] = tensor(parity, 'input.decoder_ids').shape.slice(-2);
    const arrays = Object.fromEntries(
      Object.entries(ENCODER_DECODER_INPUTS).map(([field, name]) => [
        field,
        idsOrFull(parity, name, { S, N }, step),
      ]),
    );
    return { arrays, sizes: { S, T, N }, count: countTargets(arrays.targets, V), epoch: 0, index: step ?? 0 };
  };
  if (config.steps !== undefined)
    return compareCurve<Fields>(
      parity,
      device,
      model,
      Array.from({ length: config.steps }, (_, step) => batchOf(step)),
    );
  return compareModel(parity, device, {
    model,
    batch: batchOf(),
    outputs: { logits: 'logits', attention: 'attention' },
  });
};

/** A case whose source is features [S,N,F] or the columns of images [N,I,J,C]. */
function numbersCase(parity: ParityCase, model: ModelCase['model'], V: number): ModelCase {
  const [T, N] = tensor(parity, 'input.decoder_ids').shape;
  const written = {
    previous: idsOf(parity, 'input.decoder_ids'),
    targets: idsOf(parity, 'input.targets'),
  };
  const columns = 'input.images' in parity.tensors;
  const read: Batch['arrays'] = columns
    ? { image: floatsOf(parity, 'input.images') }
    : {
        source: floatsOf(parity, 'input.source_features'),
        sourceLengths: idsOf(parity, 'input.source_lengths'),
      };
  const sizes = columns ? { T, N } : { S: tensor(parity, 'input.source_features').shape[0], T, N };
  const count = countTargets(written.targets, V);
  return {
    model,
    batch: { arrays: { ...read, ...written }, sizes, count, epoch: 0, index: 0 },
    outputs: { logits: 'logits', attention: 'attention' },
    inputs: { images: { field: 'image' }, source_features: { field: 'source' } },
  };
}

/** Ids of a case. Source lengths that the case omits are the full length of every row. */
function idsOrFull(
  parity: ParityCase,
  name: string,
  { S, N }: { readonly S: number; readonly N: number },
  step: number | undefined,
): Uint32Array<ArrayBuffer> {
  if (name === 'source_lengths' && !(`input.${name}` in parity.tensors)) return new Uint32Array(N).fill(S);
  return idsOf(parity, `input.${name}`, step);
}

/** Number of targets that are not padding. */
export function countTargets(targets: ArrayLike<number>, V: number): number {
  let count = 0;
  for (let i = 0; i < targets.length; i++) if (targets[i] < V) count++;
  return count;
}
