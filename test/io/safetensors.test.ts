import { describe, expect, it } from 'vitest';
import { FileFormatError, ShapeError } from '../../src/core/errors.js';
import { Random, STREAM } from '../../src/core/random.js';
import { readSafetensors, writeSafetensors, type WritableTensor } from '../../src/io/safetensors.js';

/** A file from a header, as JSON or text, and a number of data bytes. */
function fileOf(header: unknown, dataBytes = 0): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + json.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  return file;
}

const f32 = (begin: number, end: number, shape = [(end - begin) / 4]): object => ({
  dtype: 'F32',
  shape,
  data_offsets: [begin, end],
});

/**
 * A file written out from the specification: the header's length, the header, 1 and −2 in single
 * precision.
 */
const BY_HAND = [
  ...[54, 0, 0, 0, 0, 0, 0, 0],
  ...new TextEncoder().encode('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'),
  ...[0, 0, 128, 63, 0, 0, 0, 192],
];

const sample: Record<string, WritableTensor> = {
  bytes: { shape: [3], data: Uint8Array.of(1, 2, 255) },
  weight: { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, NaN, Infinity, 1e-40) },
  scalar: { shape: [], data: Float64Array.of(Math.PI) },
  ids: { shape: [2, 1], data: Uint32Array.of(7, 4294967295) },
  lengths: { shape: [2], data: Int32Array.of(-1, 5) },
  position: { shape: [2], data: Float64Array.of(-3, Number.MAX_SAFE_INTEGER), dtype: 'I64' },
  empty: { shape: [0, 4], data: new Float32Array(0) },
};

describe('round trip', () => {
  it('returns every type, shape and metadata', () => {
    const metadata = { format: 'test', text: 'line\nbreak, 汉字, 🙂' };
    const { tensors, metadata: back } = readSafetensors(writeSafetensors(sample, metadata));
    expect({ ...back }).toEqual(metadata);
    expect(Object.keys(tensors).sort()).toEqual(Object.keys(sample).sort());
    for (const [name, { shape, data }] of Object.entries(sample)) {
      expect(tensors[name].shape).toEqual(shape);
      expect(tensors[name].data).toEqual(data);
    }
    expect(Object.values(tensors).map(({ dtype }) => dtype)).toEqual([
      'F64',
      'I64',
      'F32',
      'U32',
      'I32',
      'F32',
      'U8',
    ]);
  });

  it('starts data at a multiple of 8 bytes and aligns every tensor to its element', () => {
    const file = writeSafetensors(sample);
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) as Record<
      string,
      { data_offsets: number[] }
    >;
    for (const [name, { data }] of Object.entries(sample))
      expect(header[name].data_offsets[0] % (data.BYTES_PER_ELEMENT || 1)).toBe(0);
  });

  it('tensors may have the names of object properties', () => {
    const tensors = JSON.parse('{"__proto__": 1, "constructor": 1, "toString": 1}') as Record<
      string,
      unknown
    >;
    const named = Object.fromEntries(Object.keys(tensors).map((name) => [name, sample.ids]));
    const metadata = JSON.parse('{"__proto__": "text"}') as Record<string, string>;
    const back = readSafetensors(writeSafetensors(named, metadata));
    expect(Object.keys(back.tensors).sort()).toEqual(['__proto__', 'constructor', 'toString']);
    expect(Object.entries(back.metadata)).toEqual([['__proto__', 'text']]);
    expect(Object.getPrototypeOf(back.tensors)).toBeNull();
    expect(({} as Record<string, unknown>).dtype).toBeUndefined();
  });

  it('reads a file written by hand from the specification, from a view at an odd offset and from a Buffer', () => {
    const bytes = Uint8Array.from(BY_HAND);
    const shifted = new Uint8Array(bytes.length + 3).subarray(3);
    shifted.set(bytes);
    for (const file of [bytes, bytes.buffer, shifted, Buffer.from(bytes)]) {
      const { a } = readSafetensors(file).tensors;
      expect([...a.data]).toEqual([1, -2]);
      expect(a.data.buffer.byteLength).toBe(8);
    }
  });

  it('reads half precision and bfloat16 as single precision', () => {
    const file = fileOf(
      {
        h: { dtype: 'F16', shape: [7], data_offsets: [0, 14] },
        b: { dtype: 'BF16', shape: [3], data_offsets: [14, 20] },
      },
      20,
    );
    const data = new DataView(file.buffer, file.length - 20);
    [0x3c00, 0xc000, 0x3555, 0x0001, 0x7bff, 0xfc00, 0x8000].forEach((half, i) =>
      data.setUint16(2 * i, half, true),
    );
    [0x3f80, 0xc049, 0x7f80].forEach((half, i) => data.setUint16(14 + 2 * i, half, true));
    const { h, b } = readSafetensors(file).tensors;
    expect([...h.data]).toEqual([1, -2, 0.333251953125, 2 ** -24, 65504, -Infinity, -0]);
    expect([...b.data]).toEqual([1, -3.140625, Infinity]);
  });
});

describe('the error for a wrong file is one line', () => {
  const cases: readonly (readonly [string, Uint8Array, string])[] = [
    ['empty', new Uint8Array(0), 'it has 0 bytes, and the length of the header alone takes 8.'],
    [
      'foreign text',
      new TextEncoder().encode('First Citizen:\nBefore we proceed'),
      'its first 8 bytes would mean a header of 7584941881947220000 bytes, more than the 100000000 allowed.',
    ],
    [
      'cut in the header',
      fileOf({ a: f32(0, 4) }, 4).subarray(0, 30),
      'bytes of header do not fit in its 30 bytes.',
    ],
    [
      'cut in the data',
      fileOf({ a: f32(0, 4), b: f32(4, 12) }, 9),
      'is truncated: tensor "b" ends at byte 12 of the data, of which there are 9: 3 are missing.',
    ],
    ['no JSON', fileOf('{"a": nonsense}'), 'its header of 15 bytes is no JSON.'],
    ['no UTF-8', fileOf({ a: f32(0, 4) }, 4).with(10, 0xff), 'is no JSON.'],
    ['a JSON list', fileOf([1, 2]), 'its header is no JSON object.'],
    [
      'overlap',
      fileOf({ a: f32(0, 8), b: f32(4, 12) }, 12),
      'tensors "a" and "b" overlap: one ends at byte 8, the other begins at 4.',
    ],
    ['gap', fileOf({ a: f32(0, 4), b: f32(8, 12) }, 12), 'bytes 4 to 8 of its data belong to no tensor.'],
    ['rest', fileOf({ a: f32(0, 4) }, 6), '6 − 4 = 2 bytes after the last tensor belong to none.'],
    [
      'wrong byte length',
      fileOf({ a: f32(0, 20, [2, 3]) }, 20),
      'tensor "a" F32 [2,3] needs 2·3·4 = 24 bytes, but has 20 − 0 = 20.',
    ],
    [
      'unknown type',
      fileOf({ a: { dtype: 'F8_E4M3', shape: [1], data_offsets: [0, 1] } }, 1),
      'tensor "a" has the element type "F8_E4M3"; readable are F64, F32, F16, BF16, I64, I32, U32, U8.',
    ],
    [
      'a type that is a method of objects',
      fileOf({ a: { dtype: 'toString', shape: [1], data_offsets: [0, 1] } }, 1),
      'has the element type "toString"',
    ],
    [
      'negative length',
      fileOf({ a: f32(0, 4, [-1]) }, 4),
      'has the shape [-1], which is no list of lengths.',
    ],
    [
      'offsets in reverse',
      fileOf({ a: f32(4, 0, [1]) }, 4),
      'has data_offsets [4,0], which are no begin and end.',
    ],
    [
      'absurd size',
      fileOf({ a: f32(0, 8e15, [2e15]) }, 4),
      'ends at byte 8000000000000000 of the data, of which there are 4',
    ],
    ['no object for a tensor', fileOf({ 'a\nb': 5 }), 'tensor "a\\nb" has the element type undefined'],
    [
      'metadata with numbers',
      fileOf({ __metadata__: { step: 5 } }),
      '__metadata__."step" must be a string, but is 5.',
    ],
    [
      'nested very deeply',
      fileOf(`{"a":{"dtype":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`),
      'has the element type ',
    ],
  ];
  it.each(cases)('%s', (_, file, message) => {
    let error: unknown;
    try {
      readSafetensors(file, 'model.safetensors');
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(FileFormatError);
    const text = (error as Error).message;
    expect(text).toContain(message);
    expect(text.startsWith('model.safetensors')).toBe(true);
    expect(text).not.toContain('\n');
    expect(text.length).toBeLessThan(300);
  });

  it('refuses a 64-bit integer that a number cannot represent', () => {
    const file = fileOf({ a: { dtype: 'I64', shape: [2], data_offsets: [0, 16] } }, 16);
    new DataView(file.buffer, file.length - 16).setBigInt64(8, 2n ** 53n, true);
    expect(() => readSafetensors(file)).toThrow(
      'tensor "a": element 1 is 9007199254740992, beyond the ±9007199254740991 that can be read exactly.',
    );
  });

  it('refuses a file that is truncated at any length', () => {
    const file = writeSafetensors(sample, { format: 'test' });
    for (let length = 0; length < file.length; length++)
      expect(() => readSafetensors(file.subarray(0, length))).toThrow(FileFormatError);
  });

  it('reads a randomly damaged file, or throws a FileFormatError, and allocates no more than the file has', () => {
    const random = new Random(3, STREAM.test);
    const whole = writeSafetensors(sample, { format: 'test' });
    let refused = 0;
    for (let round = 0; round < 4000; round++) {
      const file = whole.slice(0, random.below(4) === 0 ? random.below(whole.length + 1) : whole.length);
      for (let flips = 1 + random.below(8); flips > 0 && file.length > 0; flips--) {
        const at = random.below(2) === 0 ? random.below(Math.min(8, file.length)) : random.below(file.length);
        file[at] ^= 1 << random.below(8);
      }
      try {
        const { tensors } = readSafetensors(file);
        for (const { data } of Object.values(tensors)) expect(data.length).toBeLessThanOrEqual(file.length);
      } catch (error) {
        expect(error).toBeInstanceOf(FileFormatError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(2000);
    expect(refused).toBeLessThan(4000);
  });
});

describe('writing refuses', () => {
  it.each<readonly [WritableTensor, string]>([
    [{ shape: [2, 3], data: new Float32Array(5) }, 'Tensor "a" [2,3] needs 2·3 elements, but has 5.'],
    [
      { shape: [1], data: new Float32Array(1), dtype: 'F16' },
      'Tensor "a" holds F32 and cannot be written as F16.',
    ],
    [
      { shape: [1], data: Float64Array.of(0.5), dtype: 'I64' },
      'Tensor "a" cannot be written as I64: element 0 is 0.5.',
    ],
    [{ shape: [0.5], data: new Float32Array(1) }, 'Tensor "a" [0.5] needs 0.5 elements, but has 1.'],
  ])('%j', (tensor, message) => {
    expect(() => writeSafetensors({ a: tensor })).toThrow(ShapeError);
    expect(() => writeSafetensors({ a: tensor })).toThrow(message);
  });
  it('refuses a tensor with the name of the metadata', () => {
    expect(() => writeSafetensors({ __metadata__: sample.ids })).toThrow(
      'A tensor cannot be called "__metadata__"',
    );
  });
});
