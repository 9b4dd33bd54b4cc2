import { checkLength, type DeviceArray } from '../core/arrays.js';
import { ShapeError, UnrolledError } from '../core/errors.js';
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
    if (this.#disposed) throw disposedOf(tensor.name);
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

  // Both look the address up in their turn: after `dispose`, it may belong to another tensor.

  write(name: string, data: DeviceArray): Promise<void> {
    const { tensor } = this.#get(name);
    const length = elementCount(tensor.shape);
    checkLength(name, length, data);
    const copy = data.slice();
    return this.queue.run(() => this.heap.view(tensor.dtype, this.address(name), length).set(copy));
  }

  read(name: string): Promise<DeviceArray> {
    const { tensor } = this.#get(name);
    return this.queue.run(() => this.heap.copy(tensor.dtype, this.address(name), elementCount(tensor.shape)));
  }

  dispose(): void {
    this.#disposed = true;
    for (const { address } of this.#entries.values()) this.heap.free(address);
    this.#entries.clear();
    this.onDispose(this);
  }

  #get(name: string): { readonly tensor: Tensor; readonly address: number } {
    const entry = this.#entries.get(name);
    if (this.#disposed) throw disposedOf(name);
    if (!entry) throw new ShapeError(`Memory has no tensor "${name}".`);
    return entry;
  }
}

function disposedOf(name: string): UnrolledError {
  return new UnrolledError(`The memory of "${name}" has been disposed of.`);
}
