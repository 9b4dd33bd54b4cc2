import { FileFormatError, OptionError, ShapeError } from '../core/errors.js';
import { elementCount } from '../core/notation.js';
import { bfloat16ToFloat32, float16ToFloat32, int64ToNumbers, numbersToInt64 } from './number-formats.js';

/**
 * The safetensors format: 8 bytes with the length of the header (little-endian), the header as
 * JSON, then the elements of all tensors. The header gives `{ dtype, shape, data_offsets: [begin,
 * end] }` for every tensor, and strings under `__metadata__`.
 * Specification: https://github.com/huggingface/safetensors
 */

/** By supported element type: its number of bytes. */
const BYTES = { F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8, I32: 4, U32: 4, U8: 1 } as const;
export type SafetensorsType = keyof typeof BYTES;

/**
 * The elements of a tensor. F16 and BF16 become single precision, I64 becomes whole numbers in
 * double precision.
 */
export type SafetensorsData = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array;

export interface SafetensorsTensor {
  /** Element type in the file. */
  readonly dtype: SafetensorsType;
  readonly shape: readonly number[];
  /** Row-major elements. */
  readonly data: SafetensorsData;
}

/** The content of a file. Both objects have no prototype, so every name is safe. */
export interface Safetensors {
  readonly tensors: Readonly<Record<string, SafetensorsTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * A tensor to write. Its element type is that of the array. Only whole numbers in a Float64Array
 * may also be stored as I64.
 */
export interface WritableTensor {
  readonly shape: readonly number[];
  readonly data: SafetensorsData;
  readonly dtype?: SafetensorsType;
}

const METADATA = '__metadata__';
/** Largest number of bytes of a header, as in the library of the format. */
const MAX_HEADER_BYTES = 100_000_000;

/**
 * Reads a safetensors file. The result shares no memory with `bytes`.
 * @param name of the file in messages
 * @throws FileFormatError for an incomplete or malformed file
 */
export function readSafetensors(bytes: ArrayBuffer | Uint8Array, name = 'This file'): Safetensors {
  if (!(bytes instanceof Uint8Array || bytes instanceof ArrayBuffer))
    throw new OptionError('bytes', bytes, 'the bytes of a file, an ArrayBuffer or a Uint8Array');
  // A plain view: the `slice` of Node's Buffer would not copy.
  const file =
    bytes instanceof Uint8Array
      ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      : new Uint8Array(bytes);
  const { header, data } = split(file, name);
  const tensors = record<SafetensorsTensor>();
  const metadata = record<string>();
  const places: TensorPlace[] = [];
  for (const [key, value] of Object.entries(header)) {
    if (key === METADATA) Object.assign(metadata, readMetadata(value, name));
    else places.push(readPlace(key, value, name));
  }
  checkCover(places, data.length, name);
  for (const { tensor, dtype, shape, begin, end } of places)
    tensors[tensor] = {
      dtype,
      shape,
      data: decode(dtype, data.slice(begin, end), `${name}: tensor ${quote(tensor)}`),
    };
  return { tensors, metadata };
}

/**
 * Writes a safetensors file. Data starts at a multiple of 8 bytes and wide element types come
 * first, so that every tensor is aligned.
 * @throws ShapeError if an array does not have the elements of its shape or type
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, WritableTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  if (typeof tensors !== 'object' || tensors === null)
    throw new OptionError('tensors', tensors, 'an object with { shape, data } by name');
  const parts = Object.entries(tensors).map(([name, tensor]) => ({
    name,
    ...encode(name, tensor),
  }));
  parts.sort((a, b) => BYTES[b.dtype] - BYTES[a.dtype]);
  const header = record<unknown>();
  if (Object.keys(metadata).length > 0) header[METADATA] = metadata;
  let end = 0;
  for (const { name, dtype, shape, bytes } of parts)
    header[name] = { dtype, shape, data_offsets: [end, (end += bytes.length)] };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = Math.ceil((8 + json.length) / 8) * 8;
  const file = new Uint8Array(start + end).fill(0x20, 8, start);
  new DataView(file.buffer).setBigUint64(0, BigInt(start - 8), true);
  file.set(json, 8);
  let offset = start;
  for (const { bytes } of parts) {
    file.set(bytes, offset);
    offset += bytes.length;
  }
  return file;
}

/** The position of a tensor in the data. */
interface TensorPlace {
  readonly tensor: string;
  readonly dtype: SafetensorsType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function split(file: Uint8Array, name: string): { readonly header: object; readonly data: Uint8Array } {
  if (file.length < 8)
    throw new FileFormatError(
      `${name} is no safetensors file: it has ${file.length} bytes, and the length of the header alone ` +
        'takes 8.',
    );
  const length = Number(new DataView(file.buffer, file.byteOffset, 8).getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES)
    throw new FileFormatError(
      `${name} is no safetensors file: its first 8 bytes would mean a header of ${length} bytes, more ` +
        `than the ${MAX_HEADER_BYTES} allowed.`,
    );
  if (length > file.length - 8)
    throw new FileFormatError(
      `${name} is truncated, or no safetensors file: 8 + ${length} bytes of header do not fit in its ` +
        `${file.length} bytes.`,
    );
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(8, 8 + length)));
  } catch {
    throw new FileFormatError(`${name} is no safetensors file: its header of ${length} bytes is no JSON.`);
  }
  if (!isObject(header))
    throw new FileFormatError(`${name} is no safetensors file: its header is no JSON object.`);
  return { header, data: file.subarray(8 + length) };
}

function readMetadata(value: unknown, name: string): Record<string, string> {
  if (!isObject(value))
    throw new FileFormatError(`${name}: ${METADATA} must be an object of strings, but is ${quote(value)}.`);
  const metadata = record<string>();
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string')
      throw new FileFormatError(
        `${name}: ${METADATA}.${quote(key)} must be a string, but is ${quote(text)}.`,
      );
    metadata[key] = text;
  }
  return metadata;
}

function readPlace(tensor: string, value: unknown, name: string): TensorPlace {
  const where = `${name}: tensor ${quote(tensor)}`;
  const {
    dtype,
    shape,
    data_offsets: offsets,
  } = (isObject(value) ? value : {}) as Readonly<Record<string, unknown>>;
  if (typeof dtype !== 'string' || !Object.hasOwn(BYTES, dtype))
    throw new FileFormatError(
      `${where} has the element type ${quote(dtype)}; readable are ${Object.keys(BYTES).join(', ')}.`,
    );
  if (!isCounts(shape))
    throw new FileFormatError(`${where} has the shape ${quote(shape)}, which is no list of lengths.`);
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0] > offsets[1])
    throw new FileFormatError(`${where} has data_offsets ${quote(offsets)}, which are no begin and end.`);
  const [begin, end] = offsets;
  const width = BYTES[dtype as SafetensorsType];
  const needed = elementCount(shape) * width;
  if (needed !== end - begin)
    throw new FileFormatError(
      `${where} ${dtype} ${quote(shape)} needs ${product(shape)}·${width} = ${needed} bytes, but has ` +
        `${end} − ${begin} = ${end - begin}.`,
    );
  return { tensor, dtype: dtype as SafetensorsType, shape, begin, end };
}

/** @throws FileFormatError unless tensors cover the data without overlap, gap or remainder */
function checkCover(places: readonly TensorPlace[], length: number, name: string): void {
  let covered = 0;
  let previous = '';
  for (const { tensor, begin, end } of [...places].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < covered)
      throw new FileFormatError(
        `${name}: tensors ${quote(previous)} and ${quote(tensor)} overlap: one ends at byte ` +
          `${covered}, the other begins at ${begin}.`,
      );
    if (begin > covered)
      throw new FileFormatError(`${name}: bytes ${covered} to ${begin} of its data belong to no tensor.`);
    if (end > length)
      throw new FileFormatError(
        `${name} is truncated: tensor ${quote(tensor)} ends at byte ${end} of the data, of which there ` +
          `are ${length}: ${end - length} are missing.`,
      );
    [covered, previous] = [end, tensor];
  }
  if (covered < length)
    throw new FileFormatError(
      `${name} is no whole safetensors file: ${length} − ${covered} = ${length - covered} bytes after ` +
        'the last tensor belong to none.',
    );
}

/** @param bytes a copy of the tensor's bytes, at the start of its buffer */
function decode(
  dtype: SafetensorsType,
  { buffer }: { readonly buffer: ArrayBufferLike },
  where: string,
): SafetensorsData {
  switch (dtype) {
    case 'F64':
      return new Float64Array(buffer);
    case 'F32':
      return new Float32Array(buffer);
    case 'F16':
      return Float32Array.from(new Uint16Array(buffer), float16ToFloat32);
    case 'BF16':
      return bfloat16ToFloat32(new Uint16Array(buffer));
    case 'I64':
      return int64ToNumbers(new BigInt64Array(buffer), where);
    case 'I32':
      return new Int32Array(buffer);
    case 'U32':
      return new Uint32Array(buffer);
    case 'U8':
      return new Uint8Array(buffer);
  }
}

function encode(
  name: string,
  tensor: WritableTensor,
): { readonly shape: readonly number[]; readonly dtype: SafetensorsType; readonly bytes: Uint8Array } {
  const { shape, data, dtype: wanted } = (isObject(tensor) ? tensor : {}) as WritableTensor;
  if (!ArrayBuffer.isView(data))
    throw new OptionError(`tensors.${name}`, tensor, '{ shape, data } with a typed array of numbers');
  if (name === METADATA)
    throw new ShapeError(`A tensor cannot be called "${METADATA}": the format needs the name itself.`);
  if (!isCounts(shape) || elementCount(shape) !== data.length)
    throw new ShapeError(
      `Tensor ${quote(name)} ${quote(shape)} needs ${product(shape)} elements, but has ${data.length}.`,
    );
  const own = typeOf(data);
  const stored =
    wanted === 'I64' && data instanceof Float64Array ? numbersToInt64(data, `Tensor ${quote(name)}`) : data;
  if (wanted !== undefined && wanted !== own && stored === data)
    throw new ShapeError(`Tensor ${quote(name)} holds ${own} and cannot be written as ${wanted}.`);
  return {
    shape,
    dtype: wanted ?? own,
    bytes: new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength),
  };
}

function typeOf(data: SafetensorsData): SafetensorsType {
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof Float64Array) return 'F64';
  if (data instanceof Int32Array) return 'I32';
  return data instanceof Uint32Array ? 'U32' : 'U8';
}

/** An object without a prototype, in which `__proto__` is a key like any other. */
function record<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((entry) => Number.isSafeInteger(entry) && entry >= 0);
}

/** A shape as a product in messages: `3·4`. */
function product(shape: readonly number[]): string {
  return shape.length > 8 ? `${shape.slice(0, 8).join('·')}·…` : shape.join('·') || '1';
}

/** A value of a file as one short line for messages. */
function quote(value: unknown): string {
  try {
    const text = JSON.stringify(value) ?? 'undefined';
    return text.length > 80 ? `${text.slice(0, 77)}…` : text;
  } catch {
    return 'a value nested too deeply'; // JSON.parse reads deeper nesting than JSON.stringify writes
  }
}
