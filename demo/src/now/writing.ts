import { byId, say } from '../page/dom.js';
import { count } from '../page/format.js';
import { percent } from '../inside/symbols.js';
import type { RunFacts, Sample } from '../training/protocol.js';
import type { RunFollower } from '../training/run-display.js';
import { words } from '../words/words.js';

/** Figures of the run as a whole. */
export interface Course {
  samples(): readonly Sample[];
  /**
   * Surprise in bits: that of uniform guessing, and the latest of the curve (up to a step); NaN
   * before the first.
   */
  bits(upTo?: number): { readonly nothing: number; readonly now: number };
}

/** The samples of the network and its surprise, beside the strip of the first screen. */
export class NowWriting implements RunFollower {
  readonly #text = byId('now-text', HTMLElement);
  readonly #at = byId('now-writes-at', HTMLElement);
  readonly #figure = byId('now-surprise', HTMLElement);
  readonly #known = byId('now-known', HTMLElement);
  #wound: number | undefined;

  constructor(readonly course: Course) {
    say(this.#at, words.now.nothingWritten);
    this.#known.textContent = words.now.meaning;
  }

  began({ text }: RunFacts): void {
    if (text.language !== undefined) this.#text.lang = text.language;
    this.#show();
  }

  progress(): void {
    if (this.#wound === undefined) this.#showSurprise();
  }

  sample(): void {
    this.#show();
  }

  wound(step: number | undefined): void {
    this.#wound = step;
    this.#show();
  }

  /** Whether the whole sample is shown rather than its beginning. */
  set long(long: boolean) {
    this.#text.classList.toggle('long', long);
  }

  #show(): void {
    const { writtenAt, nothingWritten, realWords, meaning } = words.now;
    const upTo = this.#wound;
    const sample = this.course.samples().findLast(({ step }) => upTo === undefined || step <= upTo);
    this.#text.textContent = sample ? sample.prime + sample.text : '';
    say(this.#at, sample ? writtenAt(count(sample.step)) : nothingWritten);
    this.#known.textContent = sample?.known === undefined ? meaning : realWords(percent(sample.known));
    this.#showSurprise();
  }

  #showSurprise(): void {
    const { nothing, now } = this.course.bits(this.#wound);
    const { surprise, surpriseStart } = words.now;
    this.#figure.textContent = Number.isFinite(now)
      ? surprise(nothing.toFixed(1), now.toFixed(1))
      : surpriseStart(nothing.toFixed(1));
  }
}
