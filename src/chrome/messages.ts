import { ShapeError } from '../core/errors.js';

/**
 * The binary format of a message between Node and the page:
 * `u32 bytes of the header | header as JSON | arrays one after another`. In the header a typed
 * array is `{ $array: [class, first byte, bytes] }`, and a number that JSON lacks is
 * `{ $number: 'NaN' }`. The byte order is the machine's, since both ends run on the same one.
 */
type Placeholder = { readonly $array: readonly [ArrayClass, number, number] } | { readonly $number: string };

/** Classes of arrays that carry tensors. */
const ARRAYS = { Float32Array, Uint32Array, Int32Array };
type ArrayClass = keyof typeof ARRAYS;

/** Encodes a message. Arrays are copied, so the sender may reuse them at once. */
export function encode(message: unknown): Uint8Array<ArrayBuffer> {
  const arrays: Uint8Array[] = [];
  let size = 0;
  const header = new TextEncoder().encode(
    JSON.stringify(message, (_key, value: unknown) => {
      if (typeof value === 'number' && !Number.isFinite(value))
        return { $number: String(value) } satisfies Placeholder;
      if (!ArrayBuffer.isView(value)) return value;
      const name = value.constructor.name;
      if (!(name in ARRAYS))
        throw new ShapeError(
          `Tensor data must be a Float32Array, Uint32Array or Int32Array, but a ${name} came.`,
        );
      arrays.push(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
      size += value.byteLength;
      return {
        $array: [name as ArrayClass, size - value.byteLength, value.byteLength],
      } satisfies Placeholder;
    }),
  );
  const frame = new Uint8Array(4 + header.length + size);
  new DataView(frame.buffer).setUint32(0, header.length);
  frame.set(header, 4);
  let at = 4 + header.length;
  for (const array of arrays) {
    frame.set(array, at);
    at += array.length;
  }
  return frame;
}

/** Decodes a message, with new arrays. */
export function decode(frame: Uint8Array): unknown {
  const headerEnd = 4 + new DataView(frame.buffer, frame.byteOffset, 4).getUint32(0);
  return JSON.parse(new TextDecoder().decode(frame.subarray(4, headerEnd)), (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    if ('$number' in value) return Number(value.$number);
    if (!('$array' in value)) return value;
    const [name, first, bytes] = value.$array as [ArrayClass, number, number];
    // A copy starts at a multiple of four bytes, and does not keep the rest of the frame in memory.
    const copy = new Uint8Array(bytes);
    copy.set(frame.subarray(headerEnd + first, headerEnd + first + bytes));
    return new ARRAYS[name](copy.buffer);
  });
}
