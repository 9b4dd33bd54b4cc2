import { byId } from '../page/dom.js';
import { count } from '../page/format.js';
import type { Sample } from './protocol.js';
import { workbench } from './workbench-words.js';

const words = workbench.samples;

/** What the slider through the training moves and does. */
export interface FilmListener {
  /** Marks a step in the curve; undefined: none. */
  mark(step: number | undefined): void;
  /** What the network wrote, oldest first. */
  samples(): readonly Sample[];
  /** Lets the training go on from the state of a step. */
  windBack(step: number): void;
}

/**
 * A slider through the training so far: what the network wrote at each kept step, and where that is on
 * the curve. From any of them the training can go on anew.
 */
export class Film {
  readonly #box = byId('film', HTMLElement);
  readonly #slider = byId('film-step', HTMLInputElement);
  readonly #at = byId('film-at', HTMLOutputElement);
  readonly #text = byId('film-text', HTMLElement);
  readonly #go = byId('film-go', HTMLButtonElement);
  #steps: readonly number[] = [];

  constructor(readonly listener: FilmListener) {
    this.#slider.addEventListener('input', () => this.#show());
    this.#go.addEventListener('click', () => {
      const step = this.#chosen;
      if (step === undefined) return;
      this.#slider.value = this.#slider.max; // from there on it is followed again
      this.#show();
      this.#slider.focus(); // the button is gone
      this.listener.windBack(step);
    });
  }

  /** @param steps at which states are kept, rising; after the last place of the slider comes now */
  set steps(steps: readonly number[]) {
    const chosen = this.#chosen;
    this.#steps = steps;
    this.#box.hidden = steps.length === 0;
    this.#slider.max = String(steps.length);
    const place = chosen === undefined ? -1 : steps.indexOf(chosen);
    this.#slider.value = String(place < 0 ? steps.length : place);
    this.#show();
  }

  get #chosen(): number | undefined {
    return this.#steps[Number(this.#slider.value)];
  }

  #show(): void {
    const step = this.#chosen;
    const said = step === undefined ? words.now : words.step(count(step));
    this.#slider.setAttribute('aria-valuetext', said);
    this.#at.textContent = said;
    this.listener.mark(step);
    this.#text.hidden = this.#go.hidden = step === undefined;
    if (step === undefined) return;
    const sample = this.listener.samples().findLast((one) => one.step === step);
    this.#text.textContent = sample ? sample.prime + sample.text : words.notKept;
    this.#go.textContent = words.goOn(count(step));
  }
}
