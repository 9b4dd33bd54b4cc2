import { OptionError } from '../core/errors.js';
import { onlyKnown, wholeNumber } from '../core/options.js';
import { convolution, maxPool } from '../nn/images.js';
import type { Module } from '../nn/module.js';
import type { Sym } from '../nn/sym.js';
import { windowPlaces } from '../ops/lib/image-window.js';

/** Images, and the convolutions that read them. */
export interface ImageInput {
  /** I: number of rows. */
  readonly rows: number;
  /** J: number of columns. */
  readonly columns: number;
  /** C: number of channels. Default 1. */
  readonly channels?: number;
  /** Number of filters of each convolution. A rectifier and 2×2 max pooling follow each. */
  readonly filters: readonly number[];
  /** Rows and columns of a filter: 3 or 5. Padding keeps the size of the image. Default 3. */
  readonly size?: 3 | 5;
}

/** Convolutions that read the input of a model. */
export interface ImageEncoder {
  /** `convolution.0`, … */
  readonly modules: Readonly<Record<string, Module>>;
  /** [I,J,C] */
  readonly shape: readonly [number, number, number];
  /** [Y,X] of the last pooling, their product, and the P features of each place. */
  readonly sides: readonly [number, number];
  readonly places: number;
  readonly features: number;
  /** Images [R,I,J,C] become [R,Y,X,P]. */
  encode(images: Sym): Sym;
}

/** @throws OptionError for a wrong size of images or filters */
export function makeImageEncoder(option: string, image: ImageInput): ImageEncoder {
  onlyKnown(option, image, ['rows', 'columns', 'channels', 'filters', 'size']);
  const { filters, size = 3 } = image;
  const [I, J] = [wholeNumber(`${option}.rows`, image.rows), wholeNumber(`${option}.columns`, image.columns)];
  const C = wholeNumber(`${option}.channels`, image.channels ?? 1);
  if (!Array.isArray(filters) || filters.length === 0)
    throw new OptionError(
      `${option}.filters`,
      filters,
      'the number of filters of each convolution, such as [16, 32]',
    );
  if (size !== 3 && size !== 5) throw new OptionError(`${option}.size`, size, '3 or 5');
  const most = Math.floor(Math.log2(Math.min(I, J)));
  if (filters.length > most)
    throw new OptionError(
      `${option}.filters`,
      filters,
      `at most ${most} convolutions for images of ${I} by ${J}, since each halves both sides`,
    );
  const widths = [C, ...(filters as readonly number[]).map((P) => wholeNumber(`${option}.filters`, P))];
  const convolutions = widths.slice(1).map((P, i) => convolution(widths[i], P, { size }));
  // Each pooling halves both sides.
  const sideOf = (length: number): number =>
    filters.reduce<number>((left) => windowPlaces(left, 2, { stride: 2, padding: 0 }), length);
  const sides = [sideOf(I), sideOf(J)] as const;
  return {
    modules: Object.fromEntries(convolutions.map((module, i) => [`convolution.${i}`, module])),
    shape: [I, J, C],
    sides,
    places: sides[0] * sides[1],
    features: widths[widths.length - 1],
    encode: (images) => convolutions.reduce((x, convolve) => maxPool(convolve(x).relu()), images),
  };
}
