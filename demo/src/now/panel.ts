import { NetworkDrawing } from '../drawing/drawing.js';
import { byId } from '../page/dom.js';
import { count } from '../page/format.js';
import type { Answer, Fault } from '../host/messages.js';
import { words } from '../words/words.js';
import { exampleOf, WINDOW } from './example.js';
import { LetterClock } from './letters.js';
import { READ_CHARACTERS, type Reading, type ReadingRequest } from './protocol.js';

/**
 * Least milliseconds between two readings with newer weights; the pause is also this much longer
 * than the reading took, so that training comes first.
 */
const REST_MS = 1000;
const REST_TIMES = 8;

/** Where the panel gets its readings. */
export interface NowSource {
  /** Reads before there is a training; null if there is nothing to read yet. */
  readonly first: (request: ReadingRequest) => Promise<Answer<Reading | null>>;
  /** Reads with the weights of the training; undefined if there is none. */
  readonly live: (request: ReadingRequest) => Promise<Answer<Reading>> | undefined;
  /** What a fault of the settings is for a visitor. */
  readonly sentenceOf: (fault: Fault) => string;
  /** The current temperature. */
  readonly temperature: () => number;
  /** Identifies the weights: it changes with each step and each training. */
  readonly version: () => string;
}

/**
 * The first screen: the network reads its text slowly. It shows each letter, the guesses for the
 * next one, and the memory between them, with the current weights.
 */
export class NowPanel {
  readonly #drawing = new NetworkDrawing({
    label: words.now.label,
    words: false,
    look: () => this.#clock.stop(),
  });
  readonly #about = byId('now-about', HTMLElement);
  readonly #toggle = byId('now-toggle', HTMLButtonElement);
  readonly #clock: LetterClock;
  #reading: Reading | undefined;
  /** Index in the reading of the letter that was read last. */
  #at = 0;
  /** The step whose weights are shown; undefined for the current ones. */
  #wound: number | undefined;
  /** Whether the network has learned what it can. */
  #done = false;
  #asking = false;
  /** Identifies the request whose reading is shown. */
  #shown = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly source: NowSource) {
    const box = byId('now-strip', HTMLElement);
    box.append(this.#drawing.element);
    this.#clock = new LetterClock(
      {
        next: () => this.#next(),
        turned: (running) => {
          this.#toggle.textContent = running ? words.now.pause : words.now.go;
          if (running) this.#drawing.lookAt(undefined);
          this.#say();
        },
      },
      box,
    );
    this.#toggle.addEventListener('click', () => this.#clock.toggle());
    byId('now-next', HTMLButtonElement).addEventListener('click', () => {
      this.#clock.stop();
      this.#next();
    });
  }

  /**
   * Shows the untrained network while its training is being prepared. A fault of the settings stands
   * in the place of the drawing.
   */
  async open(): Promise<void> {
    const answer = await this.source.first(this.#request(0));
    if (!answer.ok) this.#about.textContent = this.source.sentenceOf(answer.fault);
    else if (answer.value && !this.#reading) this.#take(answer.value, 0);
  }

  /** Reads again: another training has begun, or the slider was moved. */
  refresh(): void {
    clearTimeout(this.#timer);
    void this.#look();
  }

  /** Whether the training has come to its good end. */
  set done(done: boolean) {
    if (done === this.#done) return;
    this.#done = done;
    this.#say();
  }

  /** Shows the weights of an earlier step; undefined for the current ones. */
  wind(step: number | undefined): void {
    this.#wound = step;
    this.refresh();
  }

  #request(from: number): ReadingRequest {
    return {
      from,
      temperature: this.source.temperature(),
      ...(this.#wound === undefined ? {} : { at: this.#wound }),
    };
  }

  /** Reads the same letters again and again with newer weights. */
  async #look(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const began = performance.now();
    const asked = this.#wound;
    const version = JSON.stringify([this.source.version(), this.#wound, this.source.temperature()]);
    if ((this.#clock.seen || !this.#reading) && version !== this.#shown) {
      await this.#ask(this.#reading?.from ?? 0, this.#at);
      this.#shown = version;
    }
    this.#asking = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => void this.#look(),
      asked === this.#wound ? Math.max(REST_MS, REST_TIMES * (performance.now() - began)) : 0,
    );
  }

  async #ask(from: number, at: number): Promise<void> {
    const request = this.#request(from);
    const answer = await this.source.live(request);
    // Drop an answer that arrives after the choice or the letters have changed.
    if (!answer?.ok || request.at !== this.#wound) return;
    if (at !== this.#at && from !== this.#reading?.from) return;
    this.#take(answer.value, from === answer.value.from ? Math.max(at, this.#at) : 0);
  }

  #take(reading: Reading, at: number): void {
    this.#reading = reading;
    this.#at = Math.min(at, reading.symbols.length - 1);
    this.#draw(this.#clock.running);
    this.#say();
  }

  #next(): void {
    const reading = this.#reading;
    if (!reading) return;
    if (this.#at + 1 < reading.symbols.length) {
      this.#at++;
      this.#draw(true);
      return;
    }
    // Read the next part of the text. It overlaps, so that the strip stays full.
    const from = reading.from + reading.symbols.length - WINDOW;
    if (reading.symbols.length < READ_CHARACTERS || this.#asking) {
      if (reading.symbols.length < READ_CHARACTERS) this.#at = 0;
      this.#draw(true);
      return;
    }
    this.#asking = true;
    void this.#turnPage(from);
  }

  async #turnPage(from: number): Promise<void> {
    const answer = await (this.source.live(this.#request(from)) ?? this.source.first(this.#request(from)));
    this.#asking = false;
    if (answer.ok && answer.value) this.#take(answer.value, answer.value.from === from ? WINDOW : 0);
  }

  /** @param follow whether to scroll to the letter that was read last */
  #draw(follow: boolean): void {
    if (!this.#reading) return;
    const length = Math.min(WINDOW, this.#reading.symbols.length);
    this.#drawing.show(this.#reading.shape, exampleOf(this.#reading, this.#at, length));
    if (follow) this.#drawing.lookAt(Math.min(this.#at, length - 1));
  }

  #say(): void {
    const { untrained, slowed, wound, still, done } = words.now;
    const step = this.#reading?.step ?? 0;
    this.#about.textContent =
      this.#wound !== undefined
        ? wound(count(step))
        : step === 0
          ? untrained
          : this.#done
            ? done(count(step), document.querySelector('.replay:not([hidden])') !== null)
            : this.#clock.running
              ? slowed(count(step))
              : still(count(step));
  }
}
