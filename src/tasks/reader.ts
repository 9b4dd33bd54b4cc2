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

/** C features of each step; with `cells` (P) of each place of a grid, which are read one by one. */
export interface FeaturesInput {
  readonly features: number;
  readonly cells?: number;
}

/**
 * Images that convolutions read. `steps` `images`, the default: an image of each step, all places'
 * features side by side. `columns`: one image of each row, whose columns after the last pooling are the
 * steps from left to right, as in reading a line of text (Shi and others, 2015).
 */
export interface ImagesInput {
  readonly image: ImageInput;
  readonly steps?: 'images' | 'columns';
}

/** What a reader's layers read: ids, features or images. */
export type ReaderInput = SymbolInput | FeaturesInput | ImagesInput;

export interface TypedField<D extends 'f32' | 'u32', S extends readonly (string | number)[]> {
  readonly dtype: D;
  readonly shape: S;
}

/** The fields of a reader with this input and ragged rows, by its names and letter. */
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

/** How the outputs of a sequence become one vector. */
export const POOLINGS = ['last', 'mean', 'max'] as const;
export type Pooling = (typeof POOLINGS)[number];

const LENGTHS = { dtype: 'u32', shape: ['N'] } as const satisfies Field;

/** Recurrent layers with what stands before them. */
export interface Reader {
  readonly fields: Fields;
  /** Whether rows have lengths of their own; a grid or an image has as many steps in every row. */
  readonly ragged: boolean;
  readonly modules: Readonly<Record<string, Module>>;
  readonly rnn: RecurrentModule;
  /** Features of an output, and of the final state of the top layer. */
  readonly width: number;
  readonly stateWidth: number;
  read(fields: Readonly<Record<string, Sym>>): RecurrentResult;
  /** @throws DataError for ids, lengths or numbers that cannot be read */
  check(batch: Batch): void;
}

/** Names of a reader's fields and modules. */
export interface ReaderNames {
  readonly ids: string;
  /** Of features, and of images of each step. */
  readonly values: string;
  readonly images: string;
  readonly lengths: string;
  readonly letter: 'T' | 'S';
  readonly embedding: string;
  readonly layers: string;
}

/** Names in a model that only reads. */
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
 * Layers that read ids [T,N], features x [T,N,C] or images, with lengths [N] where rows are ragged.
 * @throws OptionError
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

/** The option that a message names. */
function optionOf({ letter }: ReaderNames): string {
  return letter === 'T' ? 'input' : 'source';
}

/** What stands before the layers. */
interface Before extends Pick<Reader, 'fields' | 'modules' | 'check' | 'ragged'> {
  /** Features that the lowest layer reads, or the number of ids. */
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

/** One vector [N,W] of each row: the final state of the top layer, or a mean or maximum of its steps. */
export function pool(pooling: Pooling, result: RecurrentResult): Sym {
  // `last` is made where it is read.
  if (pooling === 'last') return result.last;
  const options = result.lengths ? { lengths: result.lengths } : {};
  return pooling === 'mean' ? result.y.mean(0, options) : result.y.max(0, options);
}
