import { BYTES_PER_ELEMENT, deviceArrayOver, type DeviceArray } from '../core/arrays.js';
import { OutOfMemoryError } from '../core/errors.js';
import { elementCount } from '../core/notation.js';
import { formatBytes } from '../plan/print.js';
import { alignElements, type Tensor } from '../plan/tensor.js';
import type { FaultRecord } from './faults.js';

/** Bytes of a tensor in a buffer: a multiple of 256, so that the next slot can be bound at an offset. */
export function tensorBytes(tensor: Tensor): number {
  return Math.max(256, alignElements(elementCount(tensor.shape)) * BYTES_PER_ELEMENT);
}

/** Creates and counts buffers, and copies data to and from them. */
export class Buffers {
  #count = 0;
  #bytes = 0;
  readonly #usageOfStorage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;

  constructor(
    readonly device: GPUDevice,
    readonly faults: FaultRecord,
  ) {}

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** A zeroed buffer that kernels can bind. Call inside `guard`. */
  storage(label: string, bytes: number): GPUBuffer {
    const { maxStorageBufferBindingSize, maxBufferSize } = this.device.limits;
    const limit = Math.min(maxStorageBufferBindingSize, maxBufferSize);
    if (bytes > limit)
      throw new OutOfMemoryError(
        `Tensor "${label}" needs ${formatBytes(bytes)}, but this device allows ${formatBytes(limit)} ` +
          'for one tensor. Choose fewer hidden units (H), a smaller batch (N) or fewer time steps (T)',
        'allocating',
      );
    return this.create(label, bytes, this.#usageOfStorage);
  }

  create(label: string, bytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const buffer = this.device.createBuffer({ label, size: bytes, usage });
    this.#count++;
    this.#bytes += bytes;
    return buffer;
  }

  destroy(buffer: GPUBuffer): void {
    this.#count--;
    this.#bytes -= buffer.size;
    buffer.destroy();
  }

  write(buffer: GPUBuffer, data: DeviceArray, offset = 0): void {
    this.faults.check();
    this.device.queue.writeBuffer(buffer, offset, data.buffer, data.byteOffset, data.byteLength);
  }

  /**
   * Reads a tensor's elements from a buffer. It creates a staging buffer each time, so training loops
   * use ReadBack instead.
   */
  async read(buffer: GPUBuffer, tensor: Tensor, offset = 0): Promise<DeviceArray> {
    this.faults.begin(`reading "${tensor.name}"`);
    const bytes = elementCount(tensor.shape) * BYTES_PER_ELEMENT;
    return this.faults.guard(`reading "${tensor.name}"`, async () => {
      const staging = this.create(
        'read-back',
        Math.max(4, bytes),
        GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
      );
      try {
        const encoder = this.device.createCommandEncoder();
        encoder.copyBufferToBuffer(buffer, offset, staging, 0, bytes);
        this.device.queue.submit([encoder.finish()]);
        await staging.mapAsync(GPUMapMode.READ);
        return deviceArrayOver(tensor.dtype, staging.getMappedRange(0, bytes).slice(0));
      } finally {
        this.destroy(staging);
      }
    });
  }
}
