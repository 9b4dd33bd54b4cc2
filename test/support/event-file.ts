/** Reads TensorBoard's event files, independently of the writer. */

/** A field of a protobuf message: its number, and a number or bytes. */
type Field = readonly [number: number, value: number | Uint8Array];

/** One event. */
export interface ReadEvent {
  readonly seconds: number;
  readonly step: number;
  readonly version?: string;
  readonly tag?: string;
  /** A scalar. */
  readonly scalar?: number;
  /** Strings of a tensor. */
  readonly texts?: readonly string[];
  /** The plugin that shows the value, and its content. */
  readonly plugin?: string;
  readonly content?: Uint8Array;
}

/** CRC-32C computed bit by bit, as the remainder of a division of polynomials. */
function castagnoli(bytes: Uint8Array): number {
  let sum = -1;
  for (const byte of bytes)
    for (let bit = 0; bit < 8; bit++) {
      const low = (sum ^ (byte >>> bit)) & 1;
      sum = (sum >>> 1) ^ (low === 1 ? 0x82f63b78 : 0);
    }
  return ~sum >>> 0;
}

/** Removes the mask from a stored checksum. */
function unmasked(stored: number): number {
  const rotated = (stored - 0xa282ead8) >>> 0;
  return ((rotated << 15) | (rotated >>> 17)) >>> 0;
}

/** Returns the messages of a file. @throws Error for a wrong checksum or a file that is cut */
export function recordsOf(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const messages: Uint8Array[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(view.getBigUint64(at, true));
    if (castagnoli(file.subarray(at, at + 8)) !== unmasked(view.getUint32(at + 8, true)))
      throw new Error(`The checksum of the length at byte ${at} is wrong.`);
    const message = file.subarray(at + 12, at + 12 + length);
    if (castagnoli(message) !== unmasked(view.getUint32(at + 12 + length, true)))
      throw new Error(`The checksum of the message at byte ${at} is wrong.`);
    messages.push(message);
    at += 16 + length;
  }
  return messages;
}

/** Returns the fields of a protobuf message in order. */
export function fieldsOf(message: Uint8Array): Field[] {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(BigInt.asIntN(64, value));
    }
  };
  while (at < message.length) {
    const tag = varint();
    const [number, wire] = [tag >>> 3, tag & 7];
    if (wire === 0) fields.push([number, varint()]);
    else if (wire === 1) [fields[fields.length], at] = [[number, view.getFloat64(at, true)], at + 8];
    else if (wire === 5) [fields[fields.length], at] = [[number, view.getFloat32(at, true)], at + 4];
    else if (wire === 2) {
      const length = varint();
      fields.push([number, message.subarray(at, at + length)]);
      at += length;
    } else throw new Error(`There is no wire type ${wire}.`);
  }
  return fields;
}

export function numberIn(fields: readonly Field[], number: number): number | undefined {
  const value = fields.find(([of]) => of === number)?.[1];
  return typeof value === 'number' ? value : undefined;
}

export function bytesIn(fields: readonly Field[], number: number): Uint8Array | undefined {
  const value = fields.find(([of]) => of === number)?.[1];
  return typeof value === 'object' ? value : undefined;
}

export function allIn(fields: readonly Field[], number: number): Uint8Array[] {
  return fields.flatMap(([of, value]) => (of === number && typeof value === 'object' ? [value] : []));
}

export function textIn(fields: readonly Field[], number: number): string | undefined {
  const bytes = bytesIn(fields, number);
  return bytes && new TextDecoder().decode(bytes);
}

/** Returns the events of a file. */
export function readEvents(file: Uint8Array): ReadEvent[] {
  return recordsOf(file).map((message) => {
    const event = fieldsOf(message);
    const time = { seconds: numberIn(event, 1) ?? NaN, step: numberIn(event, 2) ?? 0 };
    const version = textIn(event, 3);
    if (version !== undefined) return { ...time, version };
    const value = fieldsOf(bytesIn(fieldsOf(bytesIn(event, 5) ?? new Uint8Array()), 1) ?? new Uint8Array());
    const tensor = fieldsOf(bytesIn(value, 8) ?? new Uint8Array());
    const plugin = fieldsOf(bytesIn(fieldsOf(bytesIn(value, 9) ?? new Uint8Array()), 1) ?? new Uint8Array());
    const scalar = numberIn(value, 2);
    const [name, content] = [textIn(plugin, 1), bytesIn(plugin, 2)];
    return {
      ...time,
      tag: textIn(value, 1) ?? '',
      ...(scalar === undefined ? {} : { scalar }),
      ...(name === undefined ? {} : { plugin: name }),
      ...(content === undefined ? {} : { content }),
      texts: allIn(tensor, 8).map((bytes) => new TextDecoder().decode(bytes)),
    };
  });
}
