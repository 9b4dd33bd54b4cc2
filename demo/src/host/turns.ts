/**
 * Stretches of training, and commands between two of them, one after the other: a waiting command ends the
 * stretch that is under way.
 */
export class Turns {
  #playing = false;
  #queued = false;
  #waiting = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #stretch: AbortController | undefined;

  /**
   * @param next one stretch; asked again and again while it plays
   * @param failed told what ended a stretch, which then plays no more
   */
  constructor(
    readonly next: () => Promise<void>,
    readonly failed: (error: unknown) => void,
  ) {}

  /** Whether stretches are to follow each other. */
  get playing(): boolean {
    return this.#playing;
  }

  play(): void {
    this.#playing = true;
    this.#queue();
  }

  /** No stretch begins any more; the one that is under way ends with the next command. */
  stop(): void {
    this.#playing = false;
  }

  /** Does `work` while no step is under way. Training then goes on if it was. */
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

  /** Trains with a controller that a waiting command aborts, too. */
  async stretch(train: (stretch: AbortController) => Promise<unknown>): Promise<void> {
    const stretch = (this.#stretch = new AbortController());
    await train(stretch);
    this.#stretch = undefined;
  }

  #queue(): void {
    if (!this.#playing || this.#queued || this.#waiting > 0) return;
    this.#queued = true;
    this.#turn = this.#turn
      .then(() => (this.#playing && this.#waiting === 0 ? this.next() : undefined))
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
