import { byId, create } from '../page/dom.js';
import { count } from '../page/format.js';
import { expendable } from './expendable.js';
import type { Sample } from './protocol.js';
import { workbench } from './workbench-words.js';

/** Most cards on the strip. */
const MOST = 10;
/** Most characters of a card. */
const CHARACTERS = 110;

/** A few samples side by side, from the first to the newest: they show how noise became words. */
export class SampleStrip {
  readonly #list = byId('strip', HTMLOListElement);
  readonly #section = byId('strip-section', HTMLElement);
  #samples: { readonly step: number; readonly sample: Sample; readonly card: HTMLElement }[] = [];

  /** The samples of the cards. */
  get all(): readonly Sample[] {
    return this.#samples.map(({ sample }) => sample);
  }

  add(sample: Sample, language: string | undefined): void {
    const { step, prime, text } = sample;
    const newest = this.#samples.at(-1);
    // Another sample of the same step replaces the one before.
    if (newest && newest.step >= step) this.#remove(this.#samples.length - 1);
    const card = create('li');
    const body = create('pre', '', firstOf(prime + text));
    body.dir = 'auto';
    if (language !== undefined) body.lang = language;
    card.append(create('b', '', workbench.samples.step(count(step))), body);
    this.#samples.push({ step, sample, card });
    this.#list.append(card);
    if (this.#samples.length > MOST) this.#remove(expendable(this.#samples.map((one) => one.step)));
    this.#section.hidden = this.#samples.length < 2;
  }

  /** Removes all samples, or those after a step. */
  reset(upTo: number): void {
    while (this.#samples.length > 0 && (this.#samples.at(-1)?.step ?? 0) > upTo)
      this.#remove(this.#samples.length - 1);
    this.#section.hidden = this.#samples.length < 2;
  }

  #remove(index: number): void {
    const [{ card }] = this.#samples.splice(index, 1);
    card.remove();
  }
}

/** Returns the beginning of a text, cut between characters. */
function firstOf(text: string): string {
  return Array.from(text.slice(0, 2 * CHARACTERS))
    .slice(0, CHARACTERS)
    .join('');
}
