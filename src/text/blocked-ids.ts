import { checkRange, type Ids, type IdSink, type IdSource, type IdWidth, idWidth, whenAll } from './ids.js';

/** Bytes of one read: enough for several windows of a row, but cheap if windows are random. */
const BLOCK_BYTES = 16384;

/**
 * Largest number of blocks in memory (16 MiB in all). Consecutive sampling reads one place for each
 * row of a batch, so it needs at least as many blocks as rows.
 */
const BLOCKS_KEPT = 1024;

/** Reads the bytes `start` to `end − 1` of the storage. */
export type LoadBytes = (start: number, end: number) => Uint8Array | Promise<Uint8Array>;

/** Ids of fixed width outside memory. Reads them in blocks and keeps the blocks used last. */
export class BlockedIds implements IdSource {
  /** In the order of use: the first entry was used longest ago and is dropped first. */
  private readonly blocks = new Map<number, Uint8Array | Promise<Uint8Array>>();

  /**
   * @param length number of ids
   * @param width bytes of one id, in the byte order of this machine
   * @param load reads bytes of the storage
   * @param release frees the storage
   */
  constructor(
    readonly length: number,
    private readonly width: IdWidth,
    private readonly load: LoadBytes,
    private readonly release: () => void = () => undefined,
  ) {}

  read(start: number, count: number): Ids | Promise<Ids> {
    checkRange(this, start, count);
    if (count === 0) return viewAsIds(new Uint8Array(0), this.width);
    const [from, to] = [start * this.width, (start + count) * this.width];
    const first = Math.floor(from / BLOCK_BYTES);
    const wanted = Array.from({ length: Math.ceil(to / BLOCK_BYTES) - first }, (_, i) =>
      this.block(first + i),
    );
    const join = (blocks: readonly Uint8Array[]): Ids => {
      const bytes = new Uint8Array(to - from);
      blocks.forEach((block, i) => {
        const offset = (first + i) * BLOCK_BYTES - from;
        const skip = Math.max(0, -offset);
        bytes.set(block.subarray(skip, Math.min(block.length, to - from - offset)), offset + skip);
      });
      return viewAsIds(bytes, this.width);
    };
    return whenAll(wanted, join);
  }

  close(): void {
    this.blocks.clear();
    this.release();
  }

  private block(index: number): Uint8Array | Promise<Uint8Array> {
    const kept = this.blocks.get(index);
    if (kept !== undefined) {
      this.blocks.delete(index);
      this.blocks.set(index, kept);
      return kept;
    }
    const loaded = this.load(
      index * BLOCK_BYTES,
      Math.min((index + 1) * BLOCK_BYTES, this.length * this.width),
    );
    this.blocks.set(index, loaded);
    if (loaded instanceof Promise) this.settle(index, loaded);
    if (this.blocks.size > BLOCKS_KEPT) this.blocks.delete(this.blocks.keys().next().value as number);
    return loaded;
  }

  /**
   * Replaces the promise of a block by its bytes. Removes a failed block, so that the next read
   * loads it again.
   */
  private settle(index: number, loading: Promise<Uint8Array>): void {
    loading.then(
      (bytes) => this.blocks.get(index) === loading && this.blocks.set(index, bytes),
      () => this.blocks.get(index) === loading && this.blocks.delete(index),
    );
  }
}

/**
 * Collects ids in a Blob, which a browser stores outside the memory of the page, and on disk if it
 * is large.
 */
export function blobSink(largest: number): IdSink {
  const width = idWidth(largest);
  const parts: Blob[] = [];
  let length = 0;
  return {
    write(ids) {
      parts.push(new Blob([new Uint8Array(bytesOf(ids))]));
      length += ids.length;
    },
    finish() {
      const blob = new Blob(parts);
      return new BlockedIds(
        length,
        width,
        async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
      );
    },
    abort: () => parts.splice(0),
  };
}

/** A view of ids as bytes. */
export function bytesOf(ids: Ids): Uint8Array {
  return new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength);
}

/** A view of bytes as ids of the given width. */
function viewAsIds(bytes: Uint8Array<ArrayBuffer>, width: IdWidth): Ids {
  if (width === 1) return bytes;
  return width === 2 ? new Uint16Array(bytes.buffer) : new Uint32Array(bytes.buffer);
}
