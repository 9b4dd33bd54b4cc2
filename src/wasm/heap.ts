import type { DeviceArray, DType } from '../core/arrays.js';
import { BYTES_PER_ELEMENT } from '../core/arrays.js';
import { OutOfMemoryError } from '../core/errors.js';
import { formatBytes } from '../plan/print.js';
import { Allocator } from './allocator.js';

const PAGE = 65536;

/** Most pages that 32-bit addresses reach, 4 GiB. The kernels are compiled for this maximum. */
export const MOST_PAGES = 65536;

/** Static data of the kernels lies below this address. */
const HEAP_START = PAGE;

/** Vector loads reach past the end of a tensor by less than this many bytes. */
const SLACK = 4096;

/** The WebAssembly memory that holds all tensors of a device. */
export class Heap {
  readonly #allocator: Allocator;
  #generation = 0;

  constructor(readonly memory: WebAssembly.Memory) {
    this.#allocator = new Allocator(HEAP_START, (end) => this.#reach(end));
  }

  /** Counts how often the memory has grown: growing detaches the arrays over it. */
  get generation(): number {
    return this.#generation;
  }

  get places(): number {
    return this.#allocator.count;
  }

  get bytes(): number {
    return this.#allocator.bytes;
  }

  /**
   * Allocates a range filled with zeros and returns its address.
   * @param what is allocated, for the error
   * @throws OutOfMemoryError that names the size
   */
  allocate(bytes: number, what: string): number {
    let address: number;
    try {
      address = this.#allocator.allocate(bytes);
    } catch {
      throw new OutOfMemoryError(
        `${what} needs ${formatBytes(bytes)} beside the ${formatBytes(this.bytes)} in use, more than ` +
          'WebAssembly gives here (4 GiB at most). Choose fewer hidden units (H), a smaller batch (N) or ' +
          'fewer time steps (T)',
        'allocating',
      );
    }
    new Uint8Array(this.memory.buffer, address, bytes).fill(0);
    return address;
  }

  free(address: number): void {
    this.#allocator.free(address);
  }

  /** An array over a tensor's elements. It is valid until the memory grows: see `generation`. */
  view(dtype: DType, address: number, length: number): DeviceArray {
    const { buffer } = this.memory;
    if (dtype === 'u32') return new Uint32Array(buffer, address, length);
    return dtype === 'i32'
      ? new Int32Array(buffer, address, length)
      : new Float32Array(buffer, address, length);
  }

  /** A copy of a tensor's elements. */
  copy(dtype: DType, address: number, length: number): DeviceArray {
    return this.view(dtype, address, length).slice();
  }

  /** Bytes of so many elements. */
  static bytesOf(elements: number): number {
    return elements * BYTES_PER_ELEMENT;
  }

  #reach(end: number): void {
    const pages = Math.ceil((end + SLACK) / PAGE);
    const present = this.memory.buffer.byteLength / PAGE;
    if (pages <= present) return;
    if (pages > MOST_PAGES) throw new RangeError('beyond 4 GiB');
    // A quarter more than needed, so that a model with many tensors grows the memory only a few times.
    const generous = Math.min(MOST_PAGES, Math.ceil(pages * 1.25)) - present;
    try {
      this.memory.grow(generous);
    } catch {
      this.memory.grow(pages - present);
    }
    this.#generation++;
  }
}
