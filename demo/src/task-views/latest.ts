import type { Answer } from '../host/messages.js';

/**
 * Answers to questions that come faster than they are answered: one is under way, of those that wait
 * the last one alone is asked.
 */
export class Latest<T> {
  #waiting: (() => Promise<Answer<T>>) | undefined;
  #busy = false;
  #matter = 0;

  /**
   * @param got called with each answer
   * @param failed called with what is wrong, in a sentence
   */
  constructor(
    readonly got: (value: T) => void,
    readonly failed: (message: string) => void,
  ) {}

  /** From now on it is about something else: answers to earlier questions are not wanted any more. */
  change(): void {
    this.#matter++;
    this.#waiting = undefined;
  }

  /** Asks when the question before has been answered. */
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
