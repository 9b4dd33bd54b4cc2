import { crc32, deflateSync } from 'node:zlib';

/** Types of colours of a PNG file. */
export const PNG_COLOURS = { grey: 0, colour: 2, palette: 3, greyAlpha: 4, colourAlpha: 6 } as const;

export interface PngParts {
  readonly columns: number;
  /** Default: the number of lines. */
  readonly rows?: number;
  /** Bits of a sample. Default 8. */
  readonly depth?: number;
  readonly colours: number;
  /** The bytes of each row, after the number of its filter. */
  readonly lines: readonly (readonly number[])[];
  /** Of every row. Default 0: none. */
  readonly filter?: number;
  readonly interlaced?: boolean;
  /** Between header and pixels, such as a palette. */
  readonly chunks?: readonly Uint8Array[];
}

/** The bytes of a PNG file. Source: https://www.w3.org/TR/png-3/ */
export function png({
  columns,
  lines,
  rows = lines.length,
  depth = 8,
  colours,
  filter = 0,
  interlaced = false,
  chunks = [],
}: PngParts): Uint8Array<ArrayBuffer> {
  const size = [columns, rows].flatMap((length) => [0, 0, length >> 8, length & 255]);
  const parts = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10),
    pngChunk('IHDR', [...size, depth, colours, 0, 0, Number(interlaced)]),
    ...chunks,
    pngChunk('IDAT', deflateSync(Uint8Array.from(lines.flatMap((line) => [filter, ...line])))),
    pngChunk('IEND', []),
  ];
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** A chunk: its length, its type, its bytes and their checksum. */
export function pngChunk(type: string, data: Iterable<number>): Uint8Array {
  const body = Buffer.from([...Buffer.from(type, 'latin1'), ...data]);
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32BE(body.length - 4, 0);
  numbers.writeUInt32BE(crc32(body), 4);
  return Uint8Array.from([...numbers.subarray(0, 4), ...body, ...numbers.subarray(4)]);
}
