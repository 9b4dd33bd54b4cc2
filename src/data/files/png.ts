import { DataError, messageOf } from '../../core/errors.js';
import { bytesOf, dataFile, type FileSource } from './data-file.js';

/** The pixels of a PNG file. */
export interface PngImage {
  /**
   * `[rows·columns·channels]`: levels from 0 to 1, row by row, the channels of a pixel side by
   * side.
   */
  readonly image: Float32Array;
  readonly rows: number;
  readonly columns: number;
  /** 1: grey; 2: grey, alpha; 3: red, green, blue; 4: red, green, blue, alpha. */
  readonly channels: number;
}

/** Offsets in the header (bits of a sample, colour type, interlacing), and its length in bytes. */
const HEADER = { depth: 24, colours: 25, interlacing: 28, bytes: 33 } as const;
/** The colour type of an image whose pixels are indices into a palette. */
const PALETTE = 3;

/**
 * Reads a PNG file with grey levels, colours or a palette and 1 to 16 bits for each sample. A level
 * is the sample divided by the largest value of its bits, without correction by gamma or profile.
 * Colours of a palette become red, green, blue. Alpha (as samples, in a palette, or as one
 * transparent colour) becomes another channel; the other channels keep their values. For an
 * animation only the still image is read. Source: https://www.w3.org/TR/png-3/
 * @throws FileError if the file cannot be read; DataError if it is not a PNG file, is damaged or
 *   cut short, or is interlaced with fewer than 8 bits for each sample
 */
export async function readPng(source: FileSource): Promise<PngImage> {
  const file = dataFile(source);
  const bytes = await bytesOf(file);
  const { decode, convertIndexedToRgb, hasPngSignature } = await import('fast-png');
  if (!hasPngSignature(bytes))
    throw new DataError(
      `${file.name} is not a PNG file: it ${bytes.length === 0 ? 'is empty' : 'starts with other bytes'}.`,
    );
  const { [HEADER.depth]: depth, [HEADER.colours]: colours, [HEADER.interlacing]: interlacing } = bytes;
  if (bytes.length >= HEADER.bytes && depth < 8 && interlacing !== 0)
    throw new DataError(
      `${file.name} is interlaced with ${depth} bits a sample, which cannot be read: save it without interlacing.`,
    );
  try {
    const png = decode(bytes, { checkCrc: true });
    const size = { rows: png.height, columns: png.width };
    const pixels = png.width * png.height;
    if (colours === PALETTE) {
      const samples = convertIndexedToRgb(png);
      return { image: levels(samples, 8), ...size, channels: samples.length / pixels };
    }
    const samples = png.depth < 8 ? unpacked(png.data, size, png.depth) : png.data;
    const image = levels(samples, png.depth);
    const { transparency } = png;
    if (!transparency) return { image, ...size, channels: png.channels };
    return {
      image: withAlpha(image, samples, transparency),
      ...size,
      channels: png.channels + 1,
    };
  } catch (error) {
    throw new DataError(`${file.name} is damaged or truncated: ${messageOf(error).replace(/[.:]+$/, '')}.`, {
      cause: error,
    });
  }
}

function levels(samples: ArrayLike<number>, depth: number): Float32Array {
  const largest = 2 ** depth - 1;
  return Float32Array.from(samples, (sample) => sample / largest);
}

/**
 * Unpacks samples of fewer than 8 bits: high bits come first, and each row starts with a new byte.
 */
function unpacked(
  packed: ArrayLike<number>,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  depth: number,
): Uint8Array {
  const rowBytes = Math.ceil((columns * depth) / 8);
  return Uint8Array.from({ length: rows * columns }, (_, i) => {
    const [row, bit] = [Math.floor(i / columns), (i % columns) * depth];
    return (packed[row * rowBytes + (bit >> 3)] >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
  });
}

/** Adds a channel with 0 for each pixel that has the transparent colour, else 1. */
function withAlpha(
  image: Float32Array,
  samples: ArrayLike<number>,
  transparent: ArrayLike<number>,
): Float32Array {
  const { length: channels } = transparent;
  return Float32Array.from({ length: (image.length / channels) * (channels + 1) }, (_, i) => {
    const [start, channel] = [Math.floor(i / (channels + 1)) * channels, i % (channels + 1)];
    if (channel < channels) return image[start + channel];
    for (let k = 0; k < channels; k++) if (samples[start + k] !== transparent[k]) return 1;
    return 0;
  });
}
