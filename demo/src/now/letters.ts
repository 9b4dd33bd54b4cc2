/** What advances letter by letter. */
export interface Letters {
  /** Shows the next letter. */
  next(): void;
  /** Called when the clock starts or stops. */
  turned(running: boolean): void;
}

/** Letters per second: slow enough to read each guess. */
const PER_SECOND = 4;

/**
 * The clock of the first screen. It advances one letter every quarter of a second while the letters
 * can be seen. For visitors who prefer reduced motion it stands still until they start it.
 */
export class LetterClock {
  #running: boolean;
  #timer: ReturnType<typeof setInterval> | undefined;
  #inSight = true;

  constructor(
    readonly letters: Letters,
    box: HTMLElement,
    still = matchMedia('(prefers-reduced-motion: reduce)').matches,
  ) {
    this.#running = !still;
    new IntersectionObserver((entries) => {
      this.#inSight = entries.some(({ isIntersecting }) => isIntersecting);
      this.#turn();
    }).observe(box);
    document.addEventListener('visibilitychange', () => this.#turn());
    this.#turn();
    letters.turned(this.#running);
  }

  get running(): boolean {
    return this.#running;
  }

  /** Whether the letters can be seen. */
  get seen(): boolean {
    return this.#inSight && !document.hidden;
  }

  toggle(): void {
    this.#set(!this.#running);
  }

  stop(): void {
    this.#set(false);
  }

  #set(running: boolean): void {
    if (running === this.#running) return;
    this.#running = running;
    this.#turn();
    this.letters.turned(running);
  }

  #turn(): void {
    clearInterval(this.#timer);
    this.#timer =
      this.#running && this.seen ? setInterval(() => this.letters.next(), 1000 / PER_SECOND) : undefined;
  }
}
