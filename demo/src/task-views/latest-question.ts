import type { Answer } from '../host/messages.js';

/** Asks one question at a time. Of questions that wait, only the last one is asked. */
export class LatestQuestion<T> {
  #waiting: (() => Promise<Answer<T>>) | undefined;
  #busy = false;
  #matter = 0;

  /**
   * @param got called with each answer
   * @param failed called with the message of a fault
   */
  constructor(
    readonly got: (value: T) => void,
    readonly failed: (message: string) => void,
  ) {}

  /** Drops the answers to earlier questions, because the subject has changed. */
  change(): void {
    this.#matter++;
    this.#waiting = undefined;
  }

  /** Asks after the current question has been answered. */
  async from(ask: () => Promise<Answer<T>>): Promise<void> {
    this.#waiting = ask;
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#take(); next; next = this.#take()) {
        const matter = this.#matter;
        const answer = await next();
        if (matter !== this.#matter) continue;
        if (answer.ok) this.got(answer.value);
        else this.failed(answer.fault.message);
      }
    } finally {
      this.#busy = false;
    }
  }

  #take(): (() => Promise<Answer<T>>) | undefined {
    const next = this.#waiting;
    this.#waiting = undefined;
    return next;
  }
}
