import { DataError, ShapeError } from '../../core/errors.js';
import { bytesOf, dataFile, type FileSource } from './data-file.js';

/** An image and its label from a pair of IDX files. */
export interface IdxImage {
  /** [rows·columns] Grey levels from 0 to 1, row by row. */
  readonly image: Float32Array;
  readonly rows: number;
  readonly columns: number;
  /** The number of its class as a name, for `labels`: `'0'` to `'9'` for digits. */
  readonly label: string;
}

/** An array of unsigned bytes. */
interface ByteArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** The code of this type of elements in the third byte of an IDX file. */
const UNSIGNED_BYTE = 8;

/**
 * Reads the IDX format of MNIST: two zero bytes, the type of the elements, the number D of
 * dimensions, D sizes (32 bits, big-endian), then the elements in row-major order.
 * Source: https://yann.lecun.com/exdb/mnist/
 * @throws DataError for a file that is cut short, or has another type or number of dimensions
 */
async function readByteArray(source: FileSource, what: string, dimensions: number): Promise<ByteArray> {
  const file = dataFile(source);
  const bytes = await bytesOf(file);
  const { name } = file;
  const header = 4 + 4 * dimensions;
  const expected = `${what}, whose IDX file starts with 0x00 0x00 0x08 0x0${dimensions}`;
  if (bytes.length < 4)
    throw new DataError(`${name} is truncated, or not an IDX file: it has ${bytes.length} bytes.`);
  const [zero, zeroToo, type, count] = bytes;
  if (zero !== 0 || zeroToo !== 0 || type !== UNSIGNED_BYTE || count !== dimensions)
    throw new DataError(
      `${name}: expected ${expected} (unsigned bytes, ${dimensions} dimensions), but it starts with ` +
        `${Array.from(bytes.subarray(0, 4), (byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(' ')}.`,
    );
  if (bytes.length < header)
    throw new DataError(
      `${name} is truncated: its header needs ${header} bytes, but it has ${bytes.length}.`,
    );
  const view = new DataView(bytes.buffer);
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  const elements = shape.reduce((product, size) => product * size, 1);
  if (bytes.length !== header + elements)
    throw new DataError(
      `${name} ${bytes.length < header + elements ? 'is truncated' : 'is longer than its header says'}: ` +
        `${shape.join('·')} elements behind ${header} bytes of header make ${header + elements} bytes, and ` +
        `it has ${bytes.length}.`,
    );
  return { name, shape, data: bytes.subarray(header) };
}

/**
 * The images of a file with the labels of another one. Without labels every label is the empty
 * text.
 */
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
    throw new DataError(`${pixels.name} has no pixels: its header says ${pixels.shape.join('·')}.`);
  return Array.from({ length: count }, (_, i) => ({
    image: Float32Array.from(pixels.data.subarray(i * size, (i + 1) * size), (level) => level / 255),
    ...{ rows, columns, label: String(classes.data?.[i] ?? '') },
  }));
}

/**
 * Writes an IDX file of unsigned bytes; see `readByteArray` for the format.
 * @throws ShapeError if the shape has another number of elements than `data`
 */
export function writeIdx(shape: readonly number[], data: Uint8Array): Uint8Array {
  const elements = shape.reduce((product, size) => product * size, 1);
  if (elements !== data.length)
    throw new ShapeError(`An IDX file of [${shape.join(',')}] has ${elements} elements, got ${data.length}.`);
  const bytes = new Uint8Array(4 + 4 * shape.length + elements);
  const view = new DataView(bytes.buffer);
  bytes.set([0, 0, UNSIGNED_BYTE, shape.length]);
  for (const [i, size] of shape.entries()) view.setUint32(4 + 4 * i, size);
  bytes.set(data, 4 + 4 * shape.length);
  return bytes;
}
