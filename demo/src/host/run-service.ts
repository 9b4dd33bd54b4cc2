import { UnrolledError, type Device } from '../../../src/index.js';
import { answer, toldFault } from './answers.js';
import type { Opened } from './device.js';
import { handOver } from './hand-over.js';
import type { Answer, Fault } from './messages.js';
import { PageError } from './page-error.js';

/** Receives the reports of a run. */
interface Hearer {
  /** Resolves after the page has received every earlier report. */
  heard(): void | Promise<void>;
}

/** A training whose state can be saved. */
interface Trained {
  save(): Promise<Uint8Array>;
  dispose(): void;
}

/** The loop that trains a run. */
interface Loop<R extends Trained> {
  readonly number: number;
  readonly run: R;
  play(): void;
  pause(): Promise<void>;
  step(): Promise<void>;
  between<T>(work: () => T | Promise<T>): Promise<T>;
}

/** A new run that replaces the previous one. */
interface Replacement<R> {
  /** Number of the run in this worker, counted from 1. */
  readonly number: number;
  readonly run: R;
  /** Why no hardware GPU computes, where one was requested. */
  readonly notice?: string;
}

/** What all training workers share: one run at a time, on one device, with one listener. */
export abstract class RunService<L extends Hearer, R extends Trained, P extends Loop<R>> {
  #listener: L | undefined;
  #opened: Opened | undefined;
  #loop: P | undefined;
  /** Replacements take place one after another, since each disposes of the run before it. */
  #replacing: Promise<unknown> = Promise.resolve();

  listen(listener: L): void {
    this.#listener = listener;
  }

  play(): void {
    this.#loop?.play();
  }

  pause(): Promise<Answer<null>> {
    return this.told((loop) => loop.pause());
  }

  step(): Promise<Answer<null>> {
    return this.told((loop) => loop.step());
  }

  async save(): Promise<Answer<Uint8Array>> {
    const saved = await answer(() => {
      const loop = this.current;
      return loop.between(() => loop.run.save());
    });
    return saved.ok ? handOver(saved, saved.value) : saved;
  }

  /** Reports that the device of the run was lost. */
  protected abstract lost(listener: L, run: number, fault: Fault): void;

  protected get loop(): P | undefined {
    return this.#loop;
  }

  protected get device(): Device | undefined {
    return this.#opened?.device;
  }

  /** @throws PageError where no run has begun */
  protected get current(): P {
    if (!this.#loop) throw new PageError(({ noRun }) => noRun);
    return this.#loop;
  }

  /** @throws UnrolledError if `listen` was not called */
  protected get listener(): L {
    if (!this.#listener) throw new UnrolledError('Nobody listens to the training: call listen() first.');
    return this.#listener;
  }

  /** Does `work`, and resolves after the page has received the reports of it. */
  protected told(work: (loop: P) => Promise<void>): Promise<Answer<null>> {
    return answer(async () => {
      await work(this.current);
      await this.listener.heard();
      return null;
    });
  }

  /**
   * Replaces the current run by a new one. If the new one cannot be made, the current run
   * continues.
   * @param begin makes the loop of the new run, after the current one has paused
   */
  protected replace(
    backend: string,
    make: (device: Device) => Promise<R>,
    begin: (number: number, run: R, listener: L) => P | Promise<P>,
  ): Promise<Replacement<R>> {
    const replaced = this.#replacing.then(() => this.#replace(backend, make, begin));
    this.#replacing = replaced.catch(() => undefined);
    return replaced;
  }

  async #replace(
    backend: string,
    make: (device: Device) => Promise<R>,
    begin: (number: number, run: R, listener: L) => P | Promise<P>,
  ): Promise<Replacement<R>> {
    const { listener } = this; // throws before anything is made
    const before = this.#loop;
    const prepare = (): Promise<{ opened: Opened; run: R }> => this.#prepare(backend, make);
    const { opened, run } = await (before ? before.between(prepare) : prepare());
    // A run whose device was lost cannot report its last step, and is replaced all the same.
    await before?.pause().catch(() => undefined);
    const number = (before?.number ?? 0) + 1;
    this.#loop = await begin(number, run, listener);
    before?.run.dispose();
    if (this.#opened !== opened) this.#takeDevice(opened);
    return { number, run, ...(opened.notice === undefined ? {} : { notice: opened.notice }) };
  }

  async #prepare(backend: string, make: (device: Device) => Promise<R>): Promise<{ opened: Opened; run: R }> {
    const { openedFor } = await import('./device.js');
    const opened = await openedFor(backend, this.#opened);
    try {
      return { opened, run: await make(opened.device) };
    } catch (error) {
      if (opened !== this.#opened) opened.device.dispose();
      throw error;
    }
  }

  #takeDevice(opened: Opened): void {
    this.#opened?.device.dispose();
    this.#opened = opened;
    void opened.device.lost.then((error) => {
      if (this.#opened !== opened) return;
      this.#opened = undefined; // the next run opens a device again
      const loop = this.#loop;
      if (loop) void toldFault(error).then((fault) => this.lost(this.listener, loop.number, fault));
    });
  }
}
