import type { DeviceArray } from '../core/arrays.js';
import type { Feeds, KernelTime, Memory, Program, Reports } from '../plan/device.js';
import type { Variants } from '../plan/target.js';
import type { PlanSummary } from '../plan/print.js';
import type { Tensor } from '../plan/tensor.js';
import type { Connection } from './connection.js';
import type { PreparedProgram } from './page-api.js';

/** A memory in the page. */
export class RemoteMemory implements Memory {
  /** Names of the tensors in the page, since `has` cannot wait for an answer. */
  readonly #names = new Set<string>();

  constructor(
    readonly connection: Connection,
    readonly id: number,
  ) {}

  async ensure(tensor: Tensor): Promise<void> {
    await this.connection.call('ensure', this.id, tensor);
    this.#names.add(tensor.name);
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  /** Adds the names of tensors that preparing a program has created. */
  add(tensors: Iterable<Tensor>): void {
    for (const { kind, view, name } of tensors) if (kind === 'memory' && !view) this.#names.add(name);
  }

  write(name: string, data: DeviceArray): Promise<void> {
    return this.connection.call('writeMemory', this.id, name, data);
  }

  read(name: string): Promise<DeviceArray> {
    return this.connection.call('readMemory', this.id, name);
  }

  dispose(): void {
    this.#names.clear();
    this.connection.post('disposeMemory', this.id);
  }
}

/** A program in the page. */
export class RemoteProgram implements Program {
  readonly summary: PlanSummary;
  readonly maxSteps: number;
  readonly variants?: Variants;

  constructor(
    readonly connection: Connection,
    readonly id: number,
    { summary, maxSteps, variants }: PreparedProgram,
  ) {
    this.summary = summary;
    this.maxSteps = maxSteps;
    if (variants) this.variants = variants;
  }

  submit(feeds: readonly Feeds[]): Promise<readonly Reports[]> {
    return this.connection.call('submit', this.id, feeds);
  }

  write(name: string, data: DeviceArray): Promise<void> {
    return this.connection.call('writeProgram', this.id, name, data);
  }

  read(name: string): Promise<DeviceArray> {
    return this.connection.call('readProgram', this.id, name);
  }

  time(feeds: Feeds, repeats: number): Promise<readonly KernelTime[] | undefined> {
    return this.connection.call('timeProgram', this.id, feeds, repeats);
  }

  dispose(): void {
    this.connection.post('disposeProgram', this.id);
  }
}
