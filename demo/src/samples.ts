import { byId, create } from './dom.js';
import { count, figure } from './format.js';
import type { Sample } from './protocol.js';

/** Samples beyond which the oldest ones are taken from the page. */
const MOST_SAMPLES = 300;

/** The texts that the network wrote, the newest first. */
export class SampleList {
  readonly #list = byId('samples', HTMLOListElement);
  readonly #empty = byId('no-samples', HTMLElement);
  #samples: Sample[] = [];
  /** Language of the text that is learned, for hyphenation and fonts. */
  language: string | undefined;

  /** Oldest first. */
  get all(): readonly Sample[] {
    return this.#samples;
  }

  add(sample: Sample): void {
    this.#samples.push(sample);
    const item = create('li');
    const head = create('p', 'sample-head');
    head.append(create('b', '', `step ${count(sample.step)}`), ` · temperature ${figure(sample.temperature)}`);
    const text = create('pre', 'sample');
    text.dir = 'auto';
    if (this.language !== undefined) text.lang = this.language;
    if (sample.prime !== '') text.append(create('mark', '', sample.prime));
    text.append(sample.text);
    item.append(head, text);
    if (sample.warning !== undefined) item.append(create('p', 'message', sample.warning));
    this.#list.prepend(item);
    if (this.#samples.length > MOST_SAMPLES) {
      this.#samples.shift();
      this.#list.lastElementChild?.remove();
    }
    this.#empty.hidden = true;
  }

  /** Removes all, or those after a step. */
  reset(upTo = -1): void {
    this.#samples = this.#samples.filter(({ step }) => step <= upTo);
    while (this.#list.childElementCount > this.#samples.length) this.#list.firstElementChild?.remove();
    this.#empty.hidden = this.#samples.length > 0;
  }
}
