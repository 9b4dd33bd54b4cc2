import { classifier } from '../tasks/classifier.js';
import { regressor } from '../tasks/regressor.js';
import type { ImageInput } from '../tasks/image-encoder.js';
import type { ImagesInput, ReaderInput } from '../tasks/reader.js';
import { tagger } from '../tasks/tagger.js';
import type { Batch } from '../train/batch.js';
import { tensor, TORCH_CELLS, type Config, type ParityCase, type ParityRunner } from './parity-case.js';
import { compareModel, floatsOf, idsOf, type ModelCase } from './parity-model.js';

/** The recurrent layers of a task's case. */
export function layersOfCase(config: Config) {
  return {
    cell: TORCH_CELLS[config.cell ?? 'RNN'],
    hidden: config.hidden_size,
    layers: config.num_layers ?? 1,
    bidirectional: config.bidirectional ?? false,
    nonlinearity: config.nonlinearity ?? 'tanh',
    biases: config.bias === false ? 'none' : 'both',
  } as const;
}

/** The image input of a case: each step is an image or a column of one. */
export function imagesOfCase({ config }: ParityCase): ImagesInput | undefined {
  if (config.image === undefined) return undefined;
  const { steps, ...image } = config.image as ImageInput & Pick<ImagesInput, 'steps'>;
  return steps === undefined ? { image } : { image, steps };
}

/** The input of a case: ids through an embedding, features, or images. */
function inputOf(parity: ParityCase): ReaderInput {
  const { tensors, config } = parity;
  const images = imagesOfCase(parity);
  if (images) return images;
  return 'input.ids' in tensors
    ? { symbols: config.vocab_size, embedding: Number(config.embedding_size ?? 0) }
    : { features: config.input_size };
}

/** Names of labels, for cases that have numbers only. */
function labelsOf({ config }: ParityCase) {
  return { names: Array.from({ length: Number(config.classes) }, (_, k) => String(k)) };
}

/** The sizes T and N of the input, and the number of steps of each row. */
function rowsOf(parity: ParityCase): Pick<Batch, 'sizes' | 'arrays'> {
  const images = imagesOfCase(parity);
  if (images?.steps === 'columns') {
    const [N] = tensor(parity, 'input.images').shape;
    return { sizes: { N }, arrays: { image: floatsOf(parity, 'input.images') } };
  }
  const ids = 'input.ids' in parity.tensors;
  const [T, N] = tensor(parity, images ? 'input.images' : ids ? 'input.ids' : 'input.x').shape;
  const lengths =
    'input.lengths' in parity.tensors ? idsOf(parity, 'input.lengths') : new Uint32Array(N).fill(T);
  const read: Record<string, Batch['arrays'][string]> = images
    ? { image: floatsOf(parity, 'input.images') }
    : ids
      ? { ids: idsOf(parity, 'input.ids') }
      : { x: floatsOf(parity, 'input.x') };
  return { sizes: { T, N }, arrays: { ...read, lengths } };
}

const READ = { x: { field: 'x' }, images: { field: 'image' } };

function labelled(parity: ParityCase, model: ModelCase['model'], name: 'labels' | 'tags'): ModelCase {
  const { sizes, arrays } = rowsOf(parity);
  const labels = idsOf(parity, 'input.labels');
  const count = labels.filter((label) => label < Number(parity.config.classes)).length;
  const batch = { arrays: { ...arrays, [name]: labels }, sizes, count, epoch: 0, index: 0 };
  return { model, batch, outputs: { logits: 'logits' }, inputs: READ };
}

export const runClassifier: ParityRunner = (parity, device) => {
  const model = classifier({
    ...layersOfCase(parity.config),
    input: inputOf(parity),
    labels: labelsOf(parity),
    pooling: (parity.config.pooling ?? 'last') as 'last' | 'mean' | 'max',
  });
  return compareModel(parity, device, labelled(parity, model, 'labels'));
};

export const runTagger: ParityRunner = (parity, device) => {
  const model = tagger({ ...layersOfCase(parity.config), input: inputOf(parity), labels: labelsOf(parity) });
  return compareModel(parity, device, labelled(parity, model, 'tags'));
};

export const runRegressor: ParityRunner = (parity, device) => {
  const { config, tensors } = parity;
  const pooling = (config.pooling ?? 'last') as 'last' | 'mean' | 'max' | 'none';
  const O = Number(config.outputs ?? 1);
  const ragged = 'input.lengths' in tensors;
  const model = regressor({ ...layersOfCase(config), input: inputOf(parity), outputs: O, pooling, ragged });
  const { sizes, arrays } = rowsOf(parity);
  const rows =
    pooling === 'none' ? Array.from(arrays.lengths).reduce((sum, length) => sum + length, 0) : sizes.N;
  return compareModel(parity, device, {
    model,
    batch: {
      arrays: { ...arrays, y: floatsOf(parity, 'input.targets') },
      sizes,
      count: rows * O,
      epoch: 0,
      index: 0,
    },
    outputs: { predictions: 'predictions' },
    inputs: READ,
  });
};
