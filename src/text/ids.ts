/** Symbol ids, one after another, in the smallest unsigned type that holds them. */
export type Ids = Uint8Array | Uint16Array | Uint32Array;

/** Bytes of one stored id. */
export type IdWidth = 1 | 2 | 4;

/** Bytes of the smallest unsigned type that holds every whole number from 0 to `largest`. */
export function idWidth(largest: number): IdWidth {
  if (largest <= 0xff) return 1;
  return largest <= 0xffff ? 2 : 4;
}

/** A zero-filled array of `length` ids that holds 0 to `largest`. */
export function idArray(largest: number, length: number): Ids {
  const width = idWidth(largest);
  if (width === 1) return new Uint8Array(length);
  return width === 2 ? new Uint16Array(length) : new Uint32Array(length);
}

/** Ids of any length, in memory or outside it. */
export interface IdSource {
  /** How many ids there are. */
  readonly length: number;
  /**
   * The ids `start` to `start + count − 1`, which must exist. At once where they are at hand, else
   * as a promise.
   * The result may be a view: read it, do not write to it.
   */
  read(start: number, count: number): Ids | Promise<Ids>;
  /** Gives back what is held outside memory. Reading afterwards is an error. */
  close(): void;
}

/** Where ids go while a text is encoded, chunk by chunk. */
export interface IdSink {
  /** Takes a copy of `ids`. */
  write(ids: Ids): void;
  /** Ends the writing and turns what was written into a source. */
  finish(): IdSource;
  /** Throws away what was written. */
  abort(): void;
}

/** Makes a sink for at most `most` ids from 0 to `largest`. */
export type OpenSink = (largest: number, most: number) => IdSink;

/**
 * A checksum of ids in order, whatever their width and however they come in pieces: FNV-1a over
 * whole ids, 32 bits.
 */
export class IdChecksum {
  value = 0x811c9dc5;

  add(ids: ArrayLike<number>): void {
    let sum = this.value;
    for (let i = 0; i < ids.length; i++) sum = Math.imul(sum ^ ids[i], 0x01000193);
    this.value = sum >>> 0;
  }
}

/** Ids in memory. */
export class MemoryIds implements IdSource {
  constructor(private readonly ids: Ids) {}

  get length(): number {
    return this.ids.length;
  }

  read(start: number, count: number): Ids {
    checkRange(this, start, count);
    return this.ids.subarray(start, start + count);
  }

  close(): void {
    // Nothing is held outside memory.
  }
}

/**
 * A part of another source, without a copy. The other source stays the owner: closing the part
 * closes nothing.
 */
export class PartOfIds implements IdSource {
  constructor(
    private readonly whole: IdSource,
    private readonly start: number,
    readonly length: number,
  ) {
    checkRange(whole, start, length);
  }

  read(start: number, count: number): Ids | Promise<Ids> {
    checkRange(this, start, count);
    return this.whole.read(this.start + start, count);
  }

  close(): void {
    // The whole is closed by its owner.
  }
}

/** Collects ids in memory. */
export function memorySink(largest: number, most: number): IdSink {
  const ids = idArray(largest, most);
  let length = 0;
  return {
    write(chunk) {
      ids.set(chunk, length);
      length += chunk.length;
    },
    // A slice where the room was only an upper bound, so that the rest is given back.
    finish: () => new MemoryIds(length === most ? ids : ids.slice(0, length)),
    abort: () => undefined,
  };
}

/** Applies `use` to what is at hand at once, or as soon as all of it has arrived. */
export function whenAll<T, Result>(
  values: readonly (T | Promise<T>)[],
  use: (values: readonly T[]) => Result,
): Result | Promise<Result> {
  if (values.every((value): value is T => !(value instanceof Promise))) return use(values);
  return Promise.all(values.map((value) => Promise.resolve(value))).then(use);
}

/** Refuses a range outside a source: a fault of the caller, not of the data. */
export function checkRange(source: { readonly length: number }, start: number, count: number): void {
  if (!(start >= 0 && count >= 0 && start + count <= source.length)) {
    throw new RangeError(
      `Ids ${start} to ${start + count} were asked of a source that has ${source.length}.`,
    );
  }
}
