import { checkLength, type DeviceArray } from '../core/arrays.js';
import { ShapeError, UnrolledError } from '../core/errors.js';
import { elementCount } from '../core/notation.js';
import type { Memory } from '../plan/device.js';
import type { Tensor } from '../plan/tensor.js';
import { tensorBytes, type Buffers } from './buffers.js';

interface Entry {
  readonly tensor: Tensor;
  readonly buffer: GPUBuffer;
}

/** Named GPU buffers that programs share. */
export class GpuMemory implements Memory {
  readonly #entries = new Map<string, Entry>();
  /** By name: resolves when the buffer is allocated, rejects when the allocation fails. */
  readonly #allocated = new Map<string, Promise<void>>();
  #disposed = false;

  constructor(
    readonly buffers: Buffers,
    readonly onDispose: (memory: GpuMemory) => void,
  ) {}

  async ensure(tensor: Tensor): Promise<void> {
    const { name, shape } = tensor;
    if (this.#disposed) throw disposedOf(name);
    const known = this.#entries.get(name);
    if (known && known.tensor.shape.join() !== shape.join())
      throw new ShapeError(
        `Memory holds "${name}" as [${known.tensor.shape.join(',')}], not as [${shape.join(',')}].`,
      );
    if (!known) this.#allocated.set(name, this.#allocate(tensor));
    await this.#allocated.get(name);
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** The buffer of a tensor, for bind groups. */
  buffer(name: string): GPUBuffer {
    return this.#get(name).buffer;
  }

  write(name: string, data: DeviceArray): Promise<void> {
    const { tensor, buffer } = this.#get(name);
    checkLength(name, elementCount(tensor.shape), data);
    this.buffers.write(buffer, data);
    return Promise.resolve();
  }

  read(name: string): Promise<DeviceArray> {
    const { tensor, buffer } = this.#get(name);
    return this.buffers.read(buffer, tensor);
  }

  dispose(): void {
    this.#disposed = true;
    for (const { buffer } of this.#entries.values()) this.buffers.destroy(buffer);
    this.#entries.clear();
    this.#allocated.clear();
    this.onDispose(this);
  }

  /**
   * Registers the buffer before the first await, so that a second program that needs the tensor
   * meanwhile gets the same buffer.
   */
  async #allocate(tensor: Tensor): Promise<void> {
    const { buffers } = this;
    try {
      await buffers.faults.guard(`allocating "${tensor.name}"`, () => {
        this.#entries.set(tensor.name, { tensor, buffer: buffers.storage(tensor.name, tensorBytes(tensor)) });
      });
    } catch (error) {
      const entry = this.#entries.get(tensor.name);
      if (entry) buffers.destroy(entry.buffer);
      this.#entries.delete(tensor.name);
      throw error;
    }
  }

  #get(name: string): Entry {
    if (this.#disposed) throw disposedOf(name);
    const entry = this.#entries.get(name);
    if (!entry) throw new ShapeError(`Memory has no tensor "${name}".`);
    return entry;
  }
}

function disposedOf(name: string): UnrolledError {
  return new UnrolledError(`The memory of "${name}" has been disposed of.`);
}
