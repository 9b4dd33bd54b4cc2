import { byId } from '../page/dom.js';
import type { Film } from '../training/film.js';
import { wordsOf } from '../words/parts.js';

const words = await wordsOf('film');

/** Milliseconds for each step: time to read what the network wrote there. */
const EACH_MS = 2000;

/**
 * Plays the training so far again, slowly: it moves the slider from its first step to the present,
 * and all that follows the slider shows each step. A fast machine learns within seconds.
 */
export class Replay {
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #buttons = [...document.querySelectorAll('.replay')];
  readonly #offers = this.#buttons.map(({ textContent }) => textContent);

  constructor(readonly film: Film) {
    // Who moves the slider looks at a step of their own choice.
    byId('film-step', HTMLInputElement).addEventListener('input', () => this.#stop());
  }

  /** Starts the replay, or ends it at the present. */
  toggle(): void {
    if (this.#timer !== undefined) {
      this.#stop();
      this.film.place = this.film.present;
      return;
    }
    for (const button of this.#buttons) button.textContent = words.stopReplay;
    this.film.place = 0;
    this.#timer = setInterval(() => this.#next(), EACH_MS);
  }

  #next(): void {
    this.film.place = Math.min(this.film.place + 1, this.film.present);
    if (this.film.place >= this.film.present) this.#stop();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    for (const [i, button] of this.#buttons.entries()) button.textContent = this.#offers[i];
  }
}
