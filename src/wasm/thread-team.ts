import { DeviceError, DeviceLostError, messageOf } from '../core/errors.js';
import { abort, createRunner, kernelNames, WORD, type Runner } from './thread.js';
import { startWorker, type Thread } from './workers.js';

/** Fewest milliseconds that the first thread waits for another one before it reports it as lost. */
const PATIENCE = 10_000;

/**
 * The threads of a device. The thread that calls `run` is the first of them and does its part of the
 * work. The others start when a program first needs them.
 */
export class Team {
  /** Names of the kernels; their place is their number in tables. */
  readonly kernels: readonly string[];
  readonly #exports: Readonly<Record<string, ((...parameters: number[]) => unknown) | undefined>>;
  readonly #words: Int32Array;
  readonly #alone: Runner;
  readonly #together: Runner;
  #others: Thread[] | undefined;
  #starting: Promise<void> | undefined;
  #broken: DeviceError | undefined;
  #disposed: DeviceError | undefined;
  /** Ends the wait for threads that are starting. */
  #cancel: (error: DeviceError) => void = () => undefined;

  /**
   * @param threads their number, including the first
   * @param onBroken called when a thread is lost; nothing runs after that
   * @param tallTiles whether products are computed in tiles of six rows
   */
  constructor(
    readonly module: WebAssembly.Module,
    readonly memory: WebAssembly.Memory,
    readonly threads: number,
    readonly onBroken: (error: DeviceError) => void,
    readonly tallTiles: boolean,
    readonly patience = PATIENCE,
  ) {
    const instance = new WebAssembly.Instance(module, { env: { memory, abort } });
    this.#exports = instance.exports as Record<string, (...parameters: number[]) => unknown>;
    this.kernels = kernelNames(instance.exports);
    const bytes = 4 * WORD.size;
    this.#words = new Int32Array(threads > 1 ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
    const thread = {
      instance,
      memory,
      words: this.#words,
      index: 0,
      patience,
      tallTiles,
      mayBlock: mayBlock(),
    };
    this.#alone = createRunner({ ...thread, threads: 1 });
    this.#together = createRunner({ ...thread, threads });
  }

  /** Returns the result of a kernel that computes a number, such as bytes of scratch. */
  measure(kernel: string, parameters: readonly number[]): number {
    const measure = this.#exports[kernel];
    if (typeof measure !== 'function') throw new Error(`kernels/ has no kernel "${kernel}".`);
    return Number(measure(...parameters));
  }

  /** Starts the other threads, if they are not running. */
  start(): Promise<void> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  /**
   * Runs the calls of a table.
   * @param shared whether all threads take part, or only this one
   * @throws DeviceError where a thread failed
   */
  run(
    table: number,
    shared: boolean,
    reference: (call: number) => void,
    observe?: (call: number) => void,
  ): void {
    if (this.#broken) throw this.#broken;
    Atomics.store(this.#words, WORD.fault, 0);
    if (!shared) {
      this.#alone.run(table, reference, observe);
      return;
    }
    Atomics.store(this.#words, WORD.table, table);
    Atomics.add(this.#words, WORD.go, 1);
    Atomics.notify(this.#words, WORD.go);
    try {
      this.#together.run(table, reference, observe);
    } catch (error) {
      throw isLost(error) ? this.#break(error.message) : error;
    }
    const fault = this.#fault();
    if (fault) throw fault;
  }

  /** Ends the other threads. A page hears nothing of a thread that ends before it is ready. */
  dispose(): void {
    this.#disposed = new DeviceLostError('The device has been disposed of', 'starting threads');
    this.#cancel(this.#disposed);
    Atomics.store(this.#words, WORD.end, 1);
    Atomics.add(this.#words, WORD.go, 1);
    Atomics.notify(this.#words, WORD.go);
    Atomics.notify(this.#words, WORD.generation);
    for (const thread of this.#others ?? []) thread.terminate();
    this.#others = [];
  }

  async #start(): Promise<void> {
    if (this.threads === 1) return;
    if (this.#disposed) throw this.#disposed;
    this.#others = Array.from({ length: this.threads - 1 }, (_, i) =>
      startWorker(
        {
          module: this.module,
          memory: this.memory,
          words: this.#words,
          index: i + 1,
          threads: this.threads,
          patience: this.patience,
          tallTiles: this.tallTiles,
        },
        (why) => this.#break(why),
      ),
    );
    const disposed = new Promise<never>((_, reject) => (this.#cancel = reject));
    try {
      await Promise.race([Promise.all(this.#others.map(({ ready }) => ready)), disposed]);
    } catch (error) {
      throw this.#broken ?? this.#disposed ?? this.#break(messageOf(error));
    }
  }

  /** The fault that a thread has reported in this run. */
  #fault(): DeviceError | undefined {
    const thread = Atomics.load(this.#words, WORD.fault);
    if (thread === 0) return undefined;
    let text = '';
    for (let i = WORD.text; this.#words[i] !== 0 && i < WORD.size; i++)
      text += String.fromCharCode(this.#words[i]);
    return new DeviceError(
      `Thread ${thread} of ${this.threads} failed: ${text}`,
      'running a step on the CPU',
    );
  }

  #break(why: string): DeviceError {
    if (!this.#broken) {
      this.#broken = new DeviceLostError(
        `The CPU device has lost a thread: ${why}. Open the device again, with fewer threads if it recurs`,
        'running threads',
      );
      this.dispose();
      this.onBroken(this.#broken);
    }
    return this.#broken;
  }
}

/** Whether a thread did not come to a meeting. What it does is unknown from then on. */
function isLost(error: unknown): error is Error {
  return error instanceof Error && (error as { lost?: boolean }).lost === true;
}

/** Whether this thread may sleep. A page's main thread may not, and polls instead. */
function mayBlock(): boolean {
  return typeof document === 'undefined';
}
