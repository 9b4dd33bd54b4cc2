import { ShapeError } from '../../core/errors.js';

/**
 * An IDX file of unsigned bytes: two zero bytes, the type 8, the number of dimensions, the sizes
 * (32 bits, big-endian), then the elements. See `records.idx`.
 * @throws ShapeError for a shape of another number of elements
 */
export function writeIdx(shape: readonly number[], data: Uint8Array): Uint8Array {
  const elements = shape.reduce((product, size) => product * size, 1);
  if (elements !== data.length)
    throw new ShapeError(`An IDX file of [${shape.join(',')}] has ${elements} elements, got ${data.length}.`);
  const bytes = new Uint8Array(4 + 4 * shape.length + elements);
  const view = new DataView(bytes.buffer);
  bytes.set([0, 0, 8, shape.length]);
  for (const [i, size] of shape.entries()) view.setUint32(4 + 4 * i, size);
  bytes.set(data, 4 + 4 * shape.length);
  return bytes;
}
