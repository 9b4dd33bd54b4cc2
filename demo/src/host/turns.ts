/**
 * Alternates stretches of training steps with commands. A command that waits ends the current
 * stretch, so it never waits for long.
 */
export class Turns {
  #playing = false;
  #queued = false;
  /** Commands that have not ended. */
  #waiting = 0;
  /** Whether the current turn is one of training, and not a command. */
  #training = false;
  #turn: Promise<unknown> = Promise.resolve();
  #stretch: AbortController | undefined;

  /**
   * @param next trains one stretch; called repeatedly while playing
   * @param failed called with the error of a stretch, after which no other begins
   */
  constructor(
    readonly next: () => Promise<void>,
    readonly failed: (error: unknown) => void,
  ) {}

  /** Whether another stretch follows the current one. */
  get playing(): boolean {
    return this.#playing;
  }

  play(): void {
    this.#playing = true;
    this.#queue();
  }

  /** Begins no other stretch; the current one ends with the next command. */
  stop(): void {
    this.#playing = false;
  }

  /** Does `work` between two steps. Training continues afterwards if it was playing. */
  between<T>(work: () => T | Promise<T>): Promise<T> {
    this.#waiting++;
    this.#stretch?.abort();
    const result = this.#turn.then(work).finally(() => {
      this.#waiting--;
      this.#queue();
    });
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /**
   * Calls `train` with a controller that a waiting command aborts. It is aborted from the start if a
   * command came earlier in this turn, such as while the turn saved a state.
   */
  async stretch(train: (stretch: AbortController) => Promise<unknown>): Promise<void> {
    const stretch = (this.#stretch = new AbortController());
    if (this.#training && this.#waiting > 0) stretch.abort();
    try {
      await train(stretch);
    } finally {
      this.#stretch = undefined;
    }
  }

  async #train(): Promise<void> {
    this.#training = true;
    try {
      await this.next();
    } finally {
      this.#training = false;
    }
  }

  #queue(): void {
    if (!this.#playing || this.#queued || this.#waiting > 0) return;
    this.#queued = true;
    this.#turn = this.#turn
      .then(() => (this.#playing && this.#waiting === 0 ? this.#train() : undefined))
      .catch((error: unknown) => {
        this.#playing = false;
        this.failed(error);
      })
      .finally(() => {
        this.#queued = false;
        this.#queue();
      });
  }
}
