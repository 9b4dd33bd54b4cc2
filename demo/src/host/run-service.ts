import { UnrolledError, type Device } from '../../../src/index.js';
import { answer, toldFault } from './answers.js';
import type { Opened } from './device.js';
import { handOver } from './hand-over.js';
import type { Answer, Fault } from './messages.js';
import { PageError } from './page-error.js';

/** What hears of a run. */
interface Hearer {
  /** Done when all that was told before has been heard. */
  heard(): void | Promise<void>;
}

/** What is trained. */
interface Trained {
  save(): Promise<Uint8Array>;
  dispose(): void;
}

/** A run in its loop. */
interface Loop<R extends Trained> {
  readonly number: number;
  readonly run: R;
  play(): void;
  pause(): Promise<void>;
  step(): Promise<void>;
  between<T>(work: () => T | Promise<T>): Promise<T>;
}

/** A run that takes the place of the one before. */
interface Replacement<R> {
  /** Of the worker's runs, from 1. */
  readonly number: number;
  readonly run: R;
  /** Why it is not a GPU that computes, where one was hoped for. */
  readonly notice?: string;
}

/** What all workers that train do: one run at a time, on one device, told to one listener. */
export abstract class RunService<L extends Hearer, R extends Trained, P extends Loop<R>> {
  #listener: L | undefined;
  #opened: Opened | undefined;
  #loop: P | undefined;

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

  /** The device of the run has been lost. */
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

  /** @throws UnrolledError where nobody listens */
  protected get listener(): L {
    if (!this.#listener) throw new UnrolledError('Nobody listens to the training: call listen() first.');
    return this.#listener;
  }

  /** Answers when `work` is done and the page has heard what it told. */
  protected told(work: (loop: P) => Promise<void>): Promise<Answer<null>> {
    return answer(async () => {
      await work(this.current);
      await this.listener.heard();
      return null;
    });
  }

  /**
   * Puts a new run in the place of the old one, which goes on unharmed where the new one cannot be
   * made.
   * @param begin makes its loop, when the old one rests
   */
  protected async replace(
    backend: string,
    make: (device: Device) => Promise<R>,
    begin: (number: number, run: R, listener: L) => P | Promise<P>,
  ): Promise<Replacement<R>> {
    const { listener } = this; // throws before anything is made
    const before = this.#loop;
    const prepare = (): Promise<{ opened: Opened; run: R }> => this.#prepare(backend, make);
    const { opened, run } = await (before ? before.between(prepare) : prepare());
    await before?.pause();
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
      this.#opened = undefined; // the next run opens the device again
      const loop = this.#loop;
      if (loop) void toldFault(error).then((fault) => this.lost(this.listener, loop.number, fault));
    });
  }
}
