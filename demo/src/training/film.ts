import { byId } from '../page/dom.js';
import { count } from '../page/format.js';
import type { Sample } from './protocol.js';
import { wayOf } from './samples.js';
import { workbench } from './workbench-words.js';

const words = workbench.samples;

/** The parts of the page that the slider through the training acts on. */
export interface FilmListener {
  /** Marks a step in the curve; undefined removes the mark. */
  mark(step: number | undefined): void;
  /** The samples so far, oldest first. */
  samples(): readonly Sample[];
  /** Continues training from the state of a step. */
  windBack(step: number): void;
}

/**
 * A slider through the training so far: the sample of each stored step, and its place on the curve.
 * `film/view.ts` shows what the network reads and holds at that step. Training can be continued
 * from any of the steps.
 */
export class Film {
  readonly #box = byId('film', HTMLElement);
  readonly #slider = byId('film-step', HTMLInputElement);
  readonly #at = byId('film-at', HTMLOutputElement);
  readonly #text = byId('film-text', HTMLElement);
  readonly #writes = byId('film-writes', HTMLElement);
  readonly #go = byId('film-go', HTMLButtonElement);
  #steps: readonly number[] = [];

  constructor(readonly listener: FilmListener) {
    this.#slider.addEventListener('input', () => this.#show());
    this.#go.addEventListener('click', () => {
      const step = this.#chosen;
      if (step === undefined) return;
      this.#slider.value = this.#slider.max; // follow the training again
      this.#show();
      this.#slider.focus(); // the button was removed
      this.listener.windBack(step);
    });
  }

  /**
   * @param steps at which states are stored, ascending; the last place of the slider, after them,
   *   is the present
   */
  set steps(steps: readonly number[]) {
    const chosen = this.#chosen;
    this.#steps = steps;
    this.#box.hidden = steps.length === 0;
    for (const button of document.querySelectorAll<HTMLElement>('.replay')) button.hidden = steps.length < 2;
    this.#slider.max = String(steps.length);
    const place = chosen === undefined ? -1 : steps.indexOf(chosen);
    this.#slider.value = String(place < 0 ? steps.length : place);
    this.#show();
  }

  /** The place of the slider, counted from 0; the last is the present. */
  get place(): number {
    return Number(this.#slider.value);
  }

  set place(place: number) {
    this.#slider.value = String(place);
    this.#show();
  }

  /** The place of the present. */
  get present(): number {
    return this.#steps.length;
  }

  get #chosen(): number | undefined {
    return this.#steps[this.place];
  }

  #show(): void {
    const step = this.#chosen;
    const said = step === undefined ? words.now : words.step(count(step));
    this.#slider.setAttribute('aria-valuetext', said);
    this.#at.textContent = said;
    this.listener.mark(step);
    this.#go.hidden = step === undefined;
    this.showWriting();
    if (step !== undefined) this.#go.textContent = words.goOn(count(step));
  }

  /** Shows the sample of the slider's step; at the present, the latest one. */
  showWriting(): void {
    const step = this.#chosen;
    const sample = this.listener.samples().findLast((one) => step === undefined || one.step === step);
    // Wild writing must not be taken for bad learning.
    this.#writes.textContent = sample
      ? `${words.wrote} · ${words.step(count(sample.step))} · ${wayOf(sample)}`
      : words.wrote;
    this.#text.textContent = sample ? sample.prime + sample.text : words.notKept;
  }
}
