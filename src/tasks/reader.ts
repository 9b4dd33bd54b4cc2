import { OptionError } from '../core/errors.js';
import { oneOf, onlyKnown, wholeNumber } from '../core/options.js';
import { directionsOf, outputWidth } from '../layers/stack-options.js';
import { nn } from '../nn/modules.js';
import type { Module } from '../nn/module.js';
import { recurrent, type RecurrentModule, type RecurrentResult } from '../nn/recurrent.js';
import type { Sym } from '../nn/sym.js';
import type { Batch, Field, Fields } from '../train/batch.js';
import { checkIds, checkLengths, checkNumbers } from './checks.js';
import { makeImageEncoder, type ImageInput } from './image-encoder.js';
import { layersOf, type LayersOptions } from './layers.js';
import { pretrainedVectors, symbolSizes, type SymbolInput } from './symbols.js';

/** C features of each step, or with `cells` (P) of each place of a grid, which are the steps. */
export interface FeaturesInput {
  readonly features: number;
  readonly cells?: number;
}

/**
 * Images that convolutions read. With `steps: 'images'`, the default, each step has an image, and
 * the features of all its places form one vector. With `'columns'` each row has one image, whose
 * columns after the last pooling are the steps from left to right, as for a line of text (Shi and
 * others, 2015).
 */
export interface ImagesInput {
  readonly image: ImageInput;
  readonly steps?: 'images' | 'columns';
}

/** The input of a reader: ids, features or images. */
export type ReaderInput = SymbolInput | FeaturesInput | ImagesInput;

export interface TypedField<D extends 'f32' | 'u32', S extends readonly (string | number)[]> {
  readonly dtype: D;
  readonly shape: S;
}

/** The fields of a reader with this input and rows of unequal lengths. */
export type ReaderFields<
  I extends ReaderInput,
  N extends Pick<ReaderNames, 'ids' | 'values' | 'images' | 'lengths' | 'letter'> = typeof READER_NAMES,
> = I extends { readonly cells: number }
  ? { readonly grid: TypedField<'f32', readonly [number, 'N', number]> }
  : I extends { readonly steps: 'columns' }
    ? { readonly image: TypedField<'f32', readonly ['N', number, number, number]> }
    : (I extends { readonly features: number }
        ? Readonly<Record<N['values'], TypedField<'f32', readonly [N['letter'], 'N', number]>>>
        : I extends { readonly image: ImageInput }
          ? Readonly<
              Record<N['images'], TypedField<'f32', readonly [N['letter'], 'N', number, number, number]>>
            >
          : Readonly<Record<N['ids'], TypedField<'u32', readonly [N['letter'], 'N']>>>) &
        Readonly<Record<N['lengths'], TypedField<'u32', readonly ['N']>>>;

/** How the outputs of a sequence are combined to one vector. */
export const POOLINGS = ['last', 'mean', 'max'] as const;
export type Pooling = (typeof POOLINGS)[number];

const LENGTHS = { dtype: 'u32', shape: ['N'] } as const satisfies Field;

/**
 * Recurrent layers with the modules before them. Classifiers, taggers, regressors and encoders use
 * it.
 */
export interface Reader {
  readonly fields: Fields;
  /** Whether rows have unequal lengths. All rows of a grid or an image have the same length. */
  readonly ragged: boolean;
  readonly modules: Readonly<Record<string, Module>>;
  readonly rnn: RecurrentModule;
  /** Number of features of an output, and of the final state of the top layer. */
  readonly width: number;
  readonly stateWidth: number;
  read(fields: Readonly<Record<string, Sym>>): RecurrentResult;
  /** @throws DataError for ids, lengths or numbers that cannot be read */
  check(batch: Batch): void;
}

/** Names of a reader's fields and modules. */
export interface ReaderNames {
  readonly ids: string;
  /** Name of the field of features, or of images of each step. */
  readonly values: string;
  readonly images: string;
  readonly lengths: string;
  readonly letter: 'T' | 'S';
  readonly embedding: string;
  readonly layers: string;
}

/** Names in a model without a decoder. */
export const READER_NAMES = {
  ids: 'ids',
  values: 'x',
  images: 'image',
  lengths: 'lengths',
  letter: 'T',
  embedding: 'embedding',
  layers: 'rnn',
} as const satisfies ReaderNames;

/**
 * Makes layers that read ids [T,N], features x [T,N,C] or images, with lengths [N] if rows have
 * unequal lengths.
 * @throws OptionError for a wrong option of the input or the layers
 */
export function makeReader(
  options: LayersOptions & { readonly input: ReaderInput; readonly ragged: boolean },
  names: ReaderNames = READER_NAMES,
): Reader {
  const { input } = options;
  if (typeof input !== 'object' || input === null)
    throw new OptionError(optionOf(names), input, 'an object with tokenizer, symbols, features or image');
  const before =
    'features' in input
      ? featuresOf(input, names)
      : 'image' in input
        ? imagesOf(input, names)
        : symbolsOf(input, names);
  const ragged = options.ragged && before.ragged;
  const stack = layersOf(options);
  const { cell, ...layers } = stack;
  const rnn = recurrent(cell, { ...layers, input: before.width, ids: before.oneHot });
  return {
    fields: { ...before.fields, ...(ragged ? { [names.lengths]: LENGTHS } : {}) },
    ragged,
    modules: { ...before.modules, [names.layers]: rnn },
    rnn,
    width: outputWidth(rnn.stack),
    stateWidth: directionsOf(rnn.stack) * rnn.stack.hidden,
    read: (fields) => rnn(before.read(fields), ragged ? { lengths: fields[names.lengths] } : {}),
    check(batch) {
      before.check(batch);
      if (ragged) checkLengths(batch, names.lengths, names.letter);
    },
  };
}

/** Name of the option with the input, for messages. */
function optionOf({ letter }: ReaderNames): string {
  return letter === 'T' ? 'input' : 'source';
}

/** The modules before the layers. */
interface Before extends Pick<Reader, 'fields' | 'modules' | 'check' | 'ragged'> {
  /** Number of features of the lowest layer's input, or number of ids. */
  readonly width: number;
  readonly oneHot: boolean;
  read(fields: Readonly<Record<string, Sym>>): Sym;
}

function featuresOf(input: FeaturesInput, names: ReaderNames): Before {
  const option = optionOf(names);
  onlyKnown(option, input, ['features', 'cells']);
  const width = wholeNumber(`${option}.features`, input.features);
  const ragged = input.cells === undefined;
  const name = ragged ? names.values : 'grid';
  const steps = ragged ? names.letter : wholeNumber(`${option}.cells`, input.cells);
  return {
    fields: { [name]: { dtype: 'f32', shape: [steps, 'N', width] } },
    ragged,
    modules: {},
    width,
    oneHot: false,
    // `check` has refused what is not finite.
    read: ({ [name]: x }) => x.scope.finite(x),
    check: (batch) => checkNumbers(batch, name),
  };
}

function imagesOf(input: ImagesInput, names: ReaderNames): Before {
  const option = optionOf(names);
  onlyKnown(option, input, ['image', 'steps']);
  const ragged = oneOf(`${option}.steps`, input.steps ?? 'images', IMAGE_STEPS) === 'images';
  const encoder = makeImageEncoder(`${option}.image`, input.image);
  const [Y, X] = encoder.sides;
  const name = ragged ? names.images : 'image';
  const width = ragged ? encoder.places * encoder.features : Y * encoder.features;
  return {
    fields: { [name]: { dtype: 'f32', shape: [...(ragged ? [names.letter] : []), 'N', ...encoder.shape] } },
    ragged,
    modules: encoder.modules,
    width,
    oneHot: false,
    read({ [name]: images }) {
      if (!ragged) {
        const [N] = images.shape;
        return encoder.encode(images).permute(2, 0, 1, 3).reshape(X, N, width);
      }
      const [T, N, ...shape] = images.shape;
      const encoded = encoder.encode(images.reshape(T * N, ...shape)).reshape(T, N, width);
      // `check` has refused what is not finite.
      return encoded.scope.finite(encoded);
    },
    check: (batch) => checkNumbers(batch, name),
  };
}

const IMAGE_STEPS = ['images', 'columns'] as const;

function symbolsOf(input: SymbolInput, names: ReaderNames): Before {
  const option = optionOf(names);
  onlyKnown(option, input, ['tokenizer', 'symbols', 'embedding', 'pretrained']);
  const sizes = symbolSizes(option, input, 0);
  const vectors = pretrainedVectors(option, input, sizes);
  const { V, E } = sizes;
  const embedding = E > 0 ? nn.embedding(V, E, vectors && { start: vectors }) : undefined;
  return {
    fields: { [names.ids]: { dtype: 'u32', shape: [names.letter, 'N'] } },
    ragged: true,
    modules: embedding ? { [names.embedding]: embedding } : {},
    width: E || V,
    oneHot: E === 0,
    read: (fields) => (embedding ? embedding(fields[names.ids]) : fields[names.ids]),
    check: (batch) => checkIds(batch, { name: names.ids, symbols: V, noun: 'an id' }),
  };
}

/**
 * One vector [N,W] of each row: the final state of the top layer, or the mean or maximum over
 * steps.
 */
export function pool(pooling: Pooling, result: RecurrentResult): Sym {
  // `result.last` is a getter that adds ops, so read it only if needed.
  if (pooling === 'last') return result.last;
  const options = result.lengths ? { lengths: result.lengths } : {};
  return pooling === 'mean' ? result.y.mean(0, options) : result.y.max(0, options);
}
