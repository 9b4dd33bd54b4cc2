import { byId, create } from '../page/dom.js';
import { count, figure } from '../page/format.js';
import { markUnseen } from '../page/unseen-characters.js';
import type { RunFacts, Sample } from './protocol.js';
import { SampleStrip } from './strip.js';
import { workbench } from './workbench-words.js';

const words = workbench.samples;

/** Beyond so many samples the oldest are removed from the page. */
const MOST_SAMPLES = 300;

/** How the letters of a sample were chosen. */
export function wayOf({ temperature, topK }: Sample): string {
  return temperature === 0
    ? words.likeliest
    : words.wildness(figure(temperature)) + (topK > 0 ? words.among(count(topK)) : '');
}

/** The samples of the network, newest first. */
export class SampleList {
  readonly #list = byId('samples', HTMLOListElement);
  readonly #empty = byId('no-samples', HTMLElement);
  readonly #writing = byId('writing', HTMLElement);
  readonly #stop = byId('stop-writing', HTMLButtonElement);
  readonly #strip = new SampleStrip();
  #samples: Sample[] = [];
  /** Language of the text, for hyphenation and fonts. */
  #language: string | undefined;
  #alphabet: ReadonlySet<string> = new Set();

  /** Oldest first. */
  get all(): readonly Sample[] {
    return this.#samples;
  }

  /**
   * Returns the samples worth storing: those of the strip and the newest, up to so many characters.
   * Oldest first.
   */
  toKeep(characters = 500_000): Sample[] {
    let room = characters;
    const fits = ({ text }: Sample): boolean => (room -= text.length) >= 0;
    const chosen = new Set([...this.#strip.all, ...this.#samples.toReversed()].filter(fits));
    return [...chosen].sort((a, b) => a.step - b.step);
  }

  /** The characters that the network knows. */
  get alphabet(): ReadonlySet<string> {
    return this.#alphabet;
  }

  /** Sets the text that is learned. */
  setText({ language, alphabet }: RunFacts['text']): void {
    this.#language = language;
    this.#alphabet = new Set(alphabet);
  }

  add(sample: Sample): void {
    this.#samples.push(sample);
    this.#endWriting();
    const item = create('li');
    item.append(...this.#describe(sample));
    if (sample.warning !== undefined) item.append(create('p', 'message', sample.warning));
    this.#list.prepend(item);
    if (this.#samples.length > MOST_SAMPLES) {
      this.#samples.shift();
      this.#list.lastElementChild?.remove();
    }
    this.#strip.add(sample, this.#language);
    this.#empty.hidden = true;
  }

  /**
   * Shows a sample while it is being written.
   * @param length characters that it will have
   */
  write(sample: Sample, length: number): void {
    const [head, body] = this.#describe(sample);
    head.append(words.progress(count(Array.from(sample.text).length), count(length)));
    this.#writing.replaceChildren(head, body);
    this.#writing.hidden = this.#stop.hidden = false;
    this.#empty.hidden = true;
  }

  /** Removes all samples, or those after a step. */
  reset(upTo = -1): void {
    this.#samples = this.#samples.filter(({ step }) => step <= upTo);
    while (this.#list.childElementCount > this.#samples.length) this.#list.firstElementChild?.remove();
    this.#strip.reset(upTo);
    this.#endWriting();
    this.#empty.hidden = this.#samples.length > 0;
  }

  #endWriting(): void {
    this.#writing.hidden = this.#stop.hidden = true;
    this.#writing.replaceChildren();
  }

  #describe(sample: Sample): [HTMLElement, HTMLElement] {
    const { step, prime, text, stopped } = sample;
    const head = create('p', 'sample-head');
    const way = ` · ${wayOf(sample)}${stopped ? words.stopped : ''}`;
    head.append(create('b', '', words.step(count(step))), way);
    const body = create('pre', 'sample');
    body.dir = 'auto';
    if (this.#language !== undefined) body.lang = this.#language;
    if (prime !== '') {
      const begun = create('mark', 'prime');
      begun.append(...markUnseen(prime, this.#alphabet));
      body.append(begun);
    }
    body.append(text);
    return [head, body];
  }
}
