import { DataError } from '../../core/errors.js';
import { bytesOf, dataFile, type FileSource } from './data-file.js';

/** An image and its label, of a pair of IDX files. */
export interface IdxImage {
  /** [rows·columns] Grey levels from 0 to 1, row by row. */
  readonly image: Float32Array;
  readonly rows: number;
  readonly columns: number;
  /** The number of its class as a name, for `labels`: `'0'` to `'9'` of digits. */
  readonly label: string;
}

/** An array of unsigned bytes. */
interface ByteArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** The third byte of an IDX file of unsigned bytes. */
const UNSIGNED_BYTE = 8;

/**
 * Reads the IDX format of MNIST: two zero bytes, the type of the elements, the number D of
 * dimensions, D sizes (32 bits, big-endian), then the elements, the last index running fastest.
 * Source: https://yann.lecun.com/exdb/mnist/
 * @throws DataError for a file that is cut short, of another kind, type or number of dimensions
 */
async function readByteArray(source: FileSource, what: string, dimensions: number): Promise<ByteArray> {
  const file = dataFile(source);
  const bytes = await bytesOf(file);
  const { name } = file;
  const header = 4 + 4 * dimensions;
  const expected = `${what}, whose IDX file starts with 0x00 0x00 0x08 0x0${dimensions}`;
  if (bytes.length < 4)
    throw new DataError(`${name} is cut short, or no IDX file: it has ${bytes.length} bytes.`);
  const [zero, zeroToo, type, count] = bytes;
  if (zero !== 0 || zeroToo !== 0 || type !== UNSIGNED_BYTE || count !== dimensions)
    throw new DataError(
      `${name}: expected ${expected} (unsigned bytes, ${dimensions} dimensions), but it starts with ` +
        `${Array.from(bytes.subarray(0, 4), (byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(' ')}.`,
    );
  if (bytes.length < header)
    throw new DataError(
      `${name} is cut short: its header takes ${header} bytes, and it has ${bytes.length}.`,
    );
  const view = new DataView(bytes.buffer);
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  const elements = shape.reduce((product, size) => product * size, 1);
  if (bytes.length !== header + elements)
    throw new DataError(
      `${name} ${bytes.length < header + elements ? 'is cut short' : 'is longer than it says'}: ` +
        `${shape.join('·')} elements behind ${header} bytes of header make ${header + elements} bytes, and ` +
        `it has ${bytes.length}.`,
    );
  return { name, shape, data: bytes.subarray(header) };
}

/** The images of a file with the labels of another, or without: then the label is the empty text. */
export async function readIdx(images: FileSource, labels: FileSource | undefined): Promise<IdxImage[]> {
  const pixels = await readByteArray(images, 'images', 3);
  const classes =
    labels === undefined
      ? { name: '', shape: [pixels.shape[0]], data: undefined }
      : await readByteArray(labels, 'labels', 1);
  const [count, rows, columns] = pixels.shape;
  if (count !== classes.shape[0])
    throw new DataError(
      `${pixels.name} has ${count} images, but ${classes.name} has ${classes.shape[0]} labels.`,
    );
  const size = rows * columns;
  if (count * size === 0)
    throw new DataError(`${pixels.name} has no pixels: it says ${pixels.shape.join('·')}.`);
  return Array.from({ length: count }, (_, i) => ({
    image: Float32Array.from(pixels.data.subarray(i * size, (i + 1) * size), (level) => level / 255),
    ...{ rows, columns, label: String(classes.data?.[i] ?? '') },
  }));
}
