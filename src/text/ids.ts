/** A list of symbol ids in the smallest sufficient unsigned type. */
export type Ids = Uint8Array | Uint16Array | Uint32Array;

/** Number of bytes of one id. */
export type IdWidth = 1 | 2 | 4;

/** Number of bytes of the smallest unsigned type with the numbers from 0 to `largest`. */
export function idWidth(largest: number): IdWidth {
  if (largest <= 0xff) return 1;
  return largest <= 0xffff ? 2 : 4;
}

/** A zero-filled array for `length` ids from 0 to `largest`. */
export function idArray(largest: number, length: number): Ids {
  const width = idWidth(largest);
  if (width === 1) return new Uint8Array(length);
  return width === 2 ? new Uint16Array(length) : new Uint32Array(length);
}

/** Any number of ids, in memory or outside it. */
export interface IdSource {
  /** Number of ids. */
  readonly length: number;
  /**
   * The ids `start` to `start + count − 1`, which must exist. The result is a promise only if the
   * ids must be loaded. It may be a view, so do not write to it.
   */
  read(start: number, count: number): Ids | Promise<Ids>;
  /** Frees the storage outside memory. Reading afterwards is an error. */
  close(): void;
}

/** Collects the ids of a text in chunks. */
export interface IdSink {
  /** Appends a copy of `ids`. */
  write(ids: Ids): void;
  /** Ends the writing and returns all written ids. */
  finish(): IdSource;
  /** Discards all written ids. */
  abort(): void;
}

/** Makes a sink for at most `most` ids from 0 to `largest`. */
export type OpenSink = (largest: number, most: number) => IdSink;

/**
 * A checksum (FNV-1a, 32 bits) over whole ids in order. It depends neither on their width nor on
 * their division into chunks.
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
 * A view of a part of another source. The other source stays the owner, so `close` does nothing.
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
    // The owner closes the other source.
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
    // If `most` was only an upper bound, a copy of the used part frees the rest.
    finish: () => new MemoryIds(length === most ? ids : ids.slice(0, length)),
    abort: () => undefined,
  };
}

/**
 * Applies `use` to all values: immediately if none is a promise, otherwise when all are resolved.
 */
export function whenAll<T, Result>(
  values: readonly (T | Promise<T>)[],
  use: (values: readonly T[]) => Result,
): Result | Promise<Result> {
  if (values.every((value): value is T => !(value instanceof Promise))) return use(values);
  return Promise.all(values.map((value) => Promise.resolve(value))).then(use);
}

/** @throws RangeError for a range outside the source, which is an error of the caller */
export function checkRange(source: { readonly length: number }, start: number, count: number): void {
  if (!(start >= 0 && count >= 0 && start + count <= source.length)) {
    throw new RangeError(
      `Cannot read ids ${start} to ${start + count} of a source that has ${source.length}.`,
    );
  }
}
