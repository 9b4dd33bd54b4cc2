import { BYTES_PER_ELEMENT, deviceArrayOver } from '../core/arrays.js';
import { elementCount } from '../core/notation.js';
import type { Reports } from '../plan/device.js';
import type { Tensor } from '../plan/tensor.js';
import { tensorBytes, type Buffers } from './buffers.js';

/** A report tensor with its ring of slots on the GPU. */
export interface ReportRing {
  readonly tensor: Tensor;
  readonly buffer: GPUBuffer;
}

/** Free staging buffers that are kept: more than the submits that a training loop has under way. */
const KEPT = 4;

/** Reads report rings through staging buffers in turn, so that no submit waits for an earlier read. */
export class ReadBack {
  readonly #free: GPUBuffer[] = [];
  readonly #all = new Set<GPUBuffer>();

  constructor(
    readonly buffers: Buffers,
    readonly rings: readonly ReportRing[],
    readonly maxSteps: number,
  ) {}

  /**
   * Records copies of the reports of `steps` steps.
   * @returns a function that waits for the copies; call it after the commands are submitted
   */
  record(encoder: GPUCommandEncoder, steps: number): () => Promise<Reports[]> {
    if (this.rings.length === 0)
      return () =>
        this.buffers.device.queue.onSubmittedWorkDone().then(() => Array.from({ length: steps }, () => ({})));
    const staging = this.#free.pop() ?? this.#create();
    let at = 0;
    for (const { tensor, buffer } of this.rings) {
      const bytes = tensorBytes(tensor) * steps;
      encoder.copyBufferToBuffer(buffer, 0, staging, at, bytes);
      at += bytes;
    }
    return async () => {
      await staging.mapAsync(GPUMapMode.READ, 0, at);
      const bytes = staging.getMappedRange(0, at);
      const reports = Array.from({ length: steps }, (_, slot) => this.#slot(bytes, steps, slot));
      staging.unmap();
      this.#release(staging);
      return reports;
    };
  }

  dispose(): void {
    for (const buffer of this.#all) this.buffers.destroy(buffer);
    this.#all.clear();
    this.#free.length = 0;
  }

  /**
   * Keeps a few buffers for later submits. There are more after a caller had many submits under way;
   * those are destroyed.
   */
  #release(staging: GPUBuffer): void {
    if (!this.#all.has(staging)) return; // The program was disposed of meanwhile.
    if (this.#free.length < KEPT) this.#free.push(staging);
    else {
      this.#all.delete(staging);
      this.buffers.destroy(staging);
    }
  }

  #slot(bytes: ArrayBuffer, steps: number, slot: number): Reports {
    let at = 0;
    return Object.fromEntries(
      this.rings.map(({ tensor }) => {
        const start = at + slot * tensorBytes(tensor);
        at += steps * tensorBytes(tensor);
        return [
          tensor.name,
          deviceArrayOver(
            tensor.dtype,
            bytes.slice(start, start + elementCount(tensor.shape) * BYTES_PER_ELEMENT),
          ),
        ];
      }),
    );
  }

  #create(): GPUBuffer {
    const bytes = this.rings.reduce((sum, { tensor }) => sum + tensorBytes(tensor) * this.maxSteps, 0);
    const buffer = this.buffers.create('reports', bytes, GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ);
    this.#all.add(buffer);
    return buffer;
  }
}
