import { OptionError } from '../core/errors.js';
import { onlyKnown, wholeNumber } from '../core/options.js';
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

/** What a reader's layers read: ids, C features of each step, or an image of each step. */
export type ReaderInput = SymbolInput | { readonly features: number } | { readonly image: ImageInput };

/** The fields of a reader with this input and ragged rows. */
export type ReaderFields<I extends ReaderInput> = (I extends { readonly features: number }
  ? { readonly x: { readonly dtype: 'f32'; readonly shape: readonly ['T', 'N', number] } }
  : I extends { readonly image: ImageInput }
    ? {
        readonly image: {
          readonly dtype: 'f32';
          readonly shape: readonly ['T', 'N', number, number, number];
        };
      }
    : { readonly ids: { readonly dtype: 'u32'; readonly shape: readonly ['T', 'N'] } }) & {
  readonly lengths: { readonly dtype: 'u32'; readonly shape: readonly ['N'] };
};

/** How the outputs of a sequence become one vector. */
export const POOLINGS = ['last', 'mean', 'max'] as const;
export type Pooling = (typeof POOLINGS)[number];

const LENGTHS = { dtype: 'u32', shape: ['N'] } as const satisfies Field;

/** Recurrent layers with what stands before them. */
export interface Reader {
  readonly fields: Fields;
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
  readonly lengths: string;
  readonly letter: 'T' | 'S';
  readonly embedding: string;
  readonly layers: string;
}

/** Names in a model that only reads. */
export const READER_NAMES: ReaderNames = {
  ids: 'ids',
  lengths: 'lengths',
  letter: 'T',
  embedding: 'embedding',
  layers: 'rnn',
};

/**
 * Layers that read ids [T,N] or features x [T,N,C], with lengths [N] where rows are ragged.
 * @throws OptionError
 */
export function makeReader(
  options: LayersOptions & { readonly input: ReaderInput; readonly ragged: boolean },
  names: ReaderNames = READER_NAMES,
): Reader {
  const { input, ragged } = options;
  if (typeof input !== 'object' || input === null)
    throw new OptionError('input', input, 'an object with tokenizer, symbols, features or image');
  const before =
    'features' in input
      ? featuresOf(input, names)
      : 'image' in input
        ? imagesOf(input, names)
        : symbolsOf(input, names);
  const stack = layersOf(options);
  const { cell, ...layers } = stack;
  const rnn = recurrent(cell, { ...layers, input: before.width, ids: before.oneHot });
  return {
    fields: { ...before.fields, ...(ragged ? { [names.lengths]: LENGTHS } : {}) },
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

/** What stands before the layers. */
interface Before extends Pick<Reader, 'fields' | 'modules' | 'check'> {
  /** Features that the lowest layer reads, or the number of ids. */
  readonly width: number;
  readonly oneHot: boolean;
  read(fields: Readonly<Record<string, Sym>>): Sym;
}

function featuresOf(input: { readonly features: number }, { letter }: ReaderNames): Before {
  onlyKnown('input', input, ['features']);
  const width = wholeNumber('input.features', input.features);
  return {
    fields: { x: { dtype: 'f32', shape: [letter, 'N', width] } },
    modules: {},
    width,
    oneHot: false,
    read: ({ x }) => x,
    check: (batch) => checkNumbers(batch, 'x'),
  };
}

/** An image of each step, of which the layers read all places' features side by side. */
function imagesOf(input: { readonly image: ImageInput }, { letter }: ReaderNames): Before {
  onlyKnown('input', input, ['image']);
  const encoder = makeImageEncoder('input.image', input.image);
  const width = encoder.places * encoder.features;
  return {
    fields: { image: { dtype: 'f32', shape: [letter, 'N', ...encoder.shape] } },
    modules: encoder.modules,
    width,
    oneHot: false,
    read({ image }) {
      const [T, N, ...shape] = image.shape;
      return encoder.encode(image.reshape(T * N, ...shape)).reshape(T, N, width);
    },
    check: (batch) => checkNumbers(batch, 'image'),
  };
}

function symbolsOf(input: SymbolInput, names: ReaderNames): Before {
  const option = names.ids === 'ids' ? 'input' : names.ids;
  onlyKnown(option, input, ['tokenizer', 'symbols', 'embedding', 'pretrained']);
  const sizes = symbolSizes(option, input, 0);
  const vectors = pretrainedVectors(option, input, sizes);
  const { V, E } = sizes;
  const embedding = E > 0 ? nn.embedding(V, E, vectors && { start: vectors }) : undefined;
  return {
    fields: { [names.ids]: { dtype: 'u32', shape: [names.letter, 'N'] } },
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
