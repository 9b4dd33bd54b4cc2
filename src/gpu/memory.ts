import { checkLength, type DeviceArray } from '../core/arrays.js';
import { ShapeError } from '../core/errors.js';
import { elementCount } from '../core/notation.js';
import type { Memory } from '../plan/device.js';
import type { Tensor } from '../plan/tensor.js';
import { tensorBytes, type Buffers } from './buffers.js';
import { guarded } from './faults.js';

/** Named GPU buffers that outlive programs. */
export class GpuMemory implements Memory {
  readonly #entries = new Map<string, { readonly tensor: Tensor; readonly buffer: GPUBuffer }>();

  constructor(readonly buffers: Buffers) {}

  async ensure(tensor: Tensor): Promise<void> {
    const known = this.#entries.get(tensor.name);
    if (known) {
      if (known.tensor.shape.join() !== tensor.shape.join())
        throw new ShapeError(`Memory holds "${tensor.name}" as [${known.tensor.shape.join(',')}], not as [${tensor.shape.join(',')}].`);
      return;
    }
    const buffer = await guarded(this.buffers.device, `allocating "${tensor.name}"`, () => this.buffers.storage(tensor.name, tensorBytes(tensor)));
    this.#entries.set(tensor.name, { tensor, buffer });
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
    for (const { buffer } of this.#entries.values()) this.buffers.destroy(buffer);
    this.#entries.clear();
  }

  #get(name: string): { readonly tensor: Tensor; readonly buffer: GPUBuffer } {
    const entry = this.#entries.get(name);
    if (!entry) throw new ShapeError(`Memory has no tensor "${name}".`);
    return entry;
  }
}
