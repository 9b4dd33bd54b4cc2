import { create } from '../page/dom.js';
import { texts } from './texts.js';

/**
 * Buttons that play something step by step. It plays only when the visitor presses them, which also
 * suits visitors who prefer reduced motion.
 */
export class Player {
  readonly element = create('div', 'player');
  readonly #play = create('button', '', texts.play);
  #timer: ReturnType<typeof setInterval> | undefined;

  /**
   * @param what name of what is played, for the buttons
   * @param advance goes to the next step, or from the last one to the first; returns whether more
   *   steps follow
   */
  constructor(
    readonly what: string,
    readonly advance: () => boolean,
    readonly milliseconds: number,
  ) {
    const step = create('button', '', texts.step);
    this.#play.type = step.type = 'button';
    step.ariaLabel = texts.of(texts.step, what);
    step.addEventListener('click', () => {
      this.stop();
      this.advance();
    });
    this.#play.addEventListener('click', () => {
      if (this.#timer === undefined) this.#start();
      else this.stop();
    });
    this.element.append(this.#play, step);
    this.#name();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#name();
  }

  #start(): void {
    this.#timer = setInterval(() => {
      if (!this.advance()) this.stop();
    }, this.milliseconds);
    this.#name();
  }

  #name(): void {
    this.#play.textContent = this.#timer === undefined ? texts.play : texts.pause;
    this.#play.ariaLabel = texts.of(this.#play.textContent, this.what);
  }
}
