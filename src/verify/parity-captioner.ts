import { captioner, type Inject } from '../tasks/captioner.js';
import { tensor, type ParityRunner } from './parity-case.js';
import { countTargets } from './parity-decoders.js';
import { compareModel, floatsOf, idsOf } from './parity-model.js';
import { imagesOfCase, layersOfCase } from './parity-readers.js';

export const runCaptioner: ParityRunner = (parity, device) => {
  const { config } = parity;
  const { bidirectional: _, ...layers } = layersOfCase(config);
  const [V, F] = [config.vocab_size, Number(config.feature_size)];
  const images = imagesOfCase(parity);
  const cells = config.grid === undefined || images ? undefined : Number(config.grid);
  const model = captioner({
    ...layers,
    ...(images
      ? { image: images.image }
      : { features: cells === undefined ? { size: F } : { size: F, cells } }),
    target: { symbols: V, embedding: Number(config.embedding_size) },
    inject: config.inject as Inject,
    ...(config.attention_size === undefined ? {} : { attentionSize: Number(config.attention_size) }),
  });
  const [T, N] = tensor(parity, 'input.ids').shape;
  const features = floatsOf(parity, images ? 'input.images' : 'input.features');
  const targets = idsOf(parity, 'input.targets');
  // The case has a grid as [N,P,F]; the model reads [P,N,F].
  const P = cells ?? 1;
  const turned = (i: number, from: number, to: number): number => {
    const [a, b, f] = [Math.floor(i / (to * F)), Math.floor(i / F) % to, i % F];
    return (b * from + a) * F + f;
  };
  const image = images
    ? { image: features }
    : cells === undefined
      ? { features }
      : { grid: Float32Array.from(features, (__, i) => features[turned(i, P, N)]) };
  return compareModel(parity, device, {
    model,
    batch: {
      arrays: { ...image, previous: idsOf(parity, 'input.ids'), targets },
      sizes: { T, N },
      count: countTargets(targets, V),
      epoch: 0,
      index: 0,
    },
    outputs: { logits: 'logits', attention: 'attention' },
    inputs: {
      images: { field: 'image' },
      features:
        cells === undefined ? { field: 'features' } : { field: 'grid', order: (i) => turned(i, N, P) },
    },
  });
};
