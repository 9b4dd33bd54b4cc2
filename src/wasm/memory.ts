import { checkLength, type DeviceArray } from '../core/arrays.js';
import { ShapeError } from '../core/errors.js';
import { elementCount } from '../core/notation.js';
import { SerialQueue } from '../core/async-turns.js';
import type { Memory } from '../plan/device.js';
import { alignElements, type Tensor } from '../plan/tensor.js';
import { Heap } from './heap.js';

/** Named tensors on the heap that programs share. */
export class WasmMemory implements Memory {
  readonly #entries = new Map<string, { readonly tensor: Tensor; readonly address: number }>();

  /** Orders the submits of all programs over this memory with its reads and writes. */
  readonly queue = new SerialQueue();

  #disposed = false;

  constructor(
    readonly heap: Heap,
    readonly onDispose: (memory: WasmMemory) => void,
  ) {}

  ensure(tensor: Tensor): Promise<void> {
    // An exception inside becomes a rejected promise.
    return new Promise((resolve) => {
      this.#ensure(tensor);
      resolve();
    });
  }

  #ensure(tensor: Tensor): void {
    const known = this.#entries.get(tensor.name);
    if (known && known.tensor.shape.join() !== tensor.shape.join())
      throw new ShapeError(
        `Memory holds "${tensor.name}" as [${known.tensor.shape.join(',')}], not as ` +
          `[${tensor.shape.join(',')}].`,
      );
    if (known) return;
    const address = this.heap.allocate(
      Heap.bytesOf(alignElements(elementCount(tensor.shape))),
      `Tensor "${tensor.name}" [${tensor.shape.join(',')}]`,
    );
    this.#entries.set(tensor.name, { tensor, address });
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** The address of a tensor. */
  address(name: string): number {
    return this.#get(name).address;
  }

  write(name: string, data: DeviceArray): Promise<void> {
    const { tensor, address } = this.#get(name);
    const length = elementCount(tensor.shape);
    checkLength(name, length, data);
    const copy = data.slice();
    return this.queue.run(() => this.heap.view(tensor.dtype, address, length).set(copy));
  }

  read(name: string): Promise<DeviceArray> {
    const { tensor, address } = this.#get(name);
    return this.queue.run(() => this.heap.copy(tensor.dtype, address, elementCount(tensor.shape)));
  }

  dispose(): void {
    this.#disposed = true;
    for (const { address } of this.#entries.values()) this.heap.free(address);
    this.#entries.clear();
    this.onDispose(this);
  }

  #get(name: string): { readonly tensor: Tensor; readonly address: number } {
    const entry = this.#entries.get(name);
    if (!entry) throw new ShapeError(`Memory has no tensor "${name}".`);
    return entry;
  }
}
