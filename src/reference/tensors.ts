import {
  checkLength,
  deviceArray,
  hostArray,
  type DeviceArray,
  type NumberArray,
  type Precision,
} from '../core/arrays.js';
import { OutOfMemoryError, ShapeError, UnrolledError } from '../core/errors.js';
import { elementCount } from '../core/notation.js';
import { SerialQueue } from '../core/async-turns.js';
import type { Memory } from '../plan/device.js';
import { formatBytes } from '../plan/print.js';
import { alignElements, type Tensor } from '../plan/tensor.js';

/**
 * Allocates a tensor's array, padded to the alignment of views.
 * @throws OutOfMemoryError that names the size
 */
export function allocate(tensor: Tensor, precision: Precision): NumberArray {
  const elements = alignElements(elementCount(tensor.shape));
  try {
    return hostArray(tensor.dtype, elements, precision);
  } catch {
    const bytes = elements * (precision === 'double' ? 8 : 4);
    throw new OutOfMemoryError(
      `Tensor "${tensor.name}" [${tensor.shape.join(',')}] needs ${formatBytes(bytes)}, more than this ` +
        'process can have. Choose fewer hidden units (H), a smaller batch (N) or fewer time steps (T)',
      'allocating',
    );
  }
}

/** Copies the elements of `array` that belong to `tensor`, without padding. */
export function copyOut(tensor: Tensor, array: NumberArray): DeviceArray {
  const data = deviceArray(tensor.dtype, elementCount(tensor.shape));
  data.set(array.subarray(0, data.length));
  return data;
}

/** Copies data into an array, after a check of its length. */
export function copyIn(tensor: Tensor, array: NumberArray, data: DeviceArray): void {
  checkLength(tensor.name, elementCount(tensor.shape), data);
  array.set(data);
}

/** Named arrays that programs share. */
export class ReferenceMemory implements Memory {
  readonly #entries = new Map<string, { readonly tensor: Tensor; readonly array: NumberArray }>();

  /** Orders the submits of all programs over this memory with its reads and writes. */
  readonly queue = new SerialQueue();

  #disposed = false;

  constructor(
    readonly precision: Precision,
    readonly onDispose: (memory: ReferenceMemory) => void,
  ) {}

  ensure(tensor: Tensor): Promise<void> {
    if (this.#disposed) return Promise.reject(disposedOf(tensor.name));
    const known = this.#entries.get(tensor.name);
    if (known && known.tensor.shape.join() !== tensor.shape.join()) {
      return Promise.reject(
        new ShapeError(
          `Memory holds "${tensor.name}" as [${known.tensor.shape.join(',')}], not as ` +
            `[${tensor.shape.join(',')}].`,
        ),
      );
    }
    if (!known) this.#entries.set(tensor.name, { tensor, array: allocate(tensor, this.precision) });
    return Promise.resolve();
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** The array itself, which references read and write. */
  array(name: string): NumberArray {
    return this.#get(name).array;
  }

  write(name: string, data: DeviceArray): Promise<void> {
    const { tensor, array } = this.#get(name);
    checkLength(name, elementCount(tensor.shape), data);
    const copy = data.slice();
    return this.queue.run(() => copyIn(tensor, array, copy));
  }

  read(name: string): Promise<DeviceArray> {
    const { tensor, array } = this.#get(name);
    return this.queue.run(() => copyOut(tensor, array));
  }

  dispose(): void {
    this.#disposed = true;
    this.#entries.clear();
    this.onDispose(this);
  }

  get bytes(): number {
    let sum = 0;
    for (const { array } of this.#entries.values()) sum += array.byteLength;
    return sum;
  }

  get size(): number {
    return this.#entries.size;
  }

  #get(name: string): { readonly tensor: Tensor; readonly array: NumberArray } {
    if (this.#disposed) throw disposedOf(name);
    const entry = this.#entries.get(name);
    if (!entry) throw new ShapeError(`Memory has no tensor "${name}".`);
    return entry;
  }
}

function disposedOf(name: string): UnrolledError {
  return new UnrolledError(`The memory of "${name}" has been disposed of.`);
}
