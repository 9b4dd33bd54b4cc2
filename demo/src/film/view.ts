import '../../styles/film.css';
import type { Answer } from '../host/messages.js';
import { visible } from '../inside/symbols.js';
import type { Reading, ReadingRequest } from '../now/protocol.js';
import { create } from '../page/dom.js';
import { count, figure } from '../page/format.js';
import { paintLevels } from '../page/heat-map.js';
import type { RunFollower } from '../training/run-display.js';
import { wordsOf } from '../words/parts.js';
import { FULL_BITS, stateLevels, surpriseOf, surprises } from './passage.js';

const words = await wordsOf('film');

/**
 * Least milliseconds between two readings, and how much longer the pause is than the reading took.
 */
const REST_MS = 1000;
const REST_TIMES = 8;
/** Height in pixels of all rows of units together, and of one row at most. */
const ROWS = 128;
const MOST_ROW = 4;

/** Where readings come from; undefined while there is no training. */
export type ReadingSource = (request: ReadingRequest) => Promise<Answer<Reading>> | undefined;

/**
 * A stretch of text in the colours of surprise with all units above it, at the step of the slider.
 * The stretch is always the same, so that steps can be compared.
 */
export class FilmView implements RunFollower {
  readonly #text = create('p', 'film-passage');
  readonly #said = create('p', 'hint');
  readonly #units = create('canvas', 'film-units');
  readonly #body = create('div');
  readonly #pixels = document.createElement('canvas');
  #letters: HTMLElement[] = [];
  #reading: Reading | undefined;
  #wound: number | undefined;
  #inSight = false;
  #asking = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    box: HTMLElement,
    readonly read: ReadingSource,
  ) {
    const scale = create('span', 'film-scale');
    const ramp = create('span', 'film-ramp');
    ramp.ariaHidden = 'true';
    scale.append(words.sure, ramp, words.full(FULL_BITS));
    const head = create('p', 'film-head', words.reads);
    head.append(' ', scale);
    this.#text.dir = 'auto';
    this.#units.role = 'img';
    this.#body.hidden = true; // until there is something to show
    this.#body.append(head, this.#text, create('p', 'film-head', words.units), this.#units);
    box.append(this.#said, this.#body);
    new IntersectionObserver((entries) => {
      this.#inSight = entries.some(({ isIntersecting }) => isIntersecting);
      if (this.#inSight) this.#soon(0);
    }).observe(box);
    new ResizeObserver(() => this.#paint()).observe(this.#text);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#paint());
  }

  began(): void {
    this.#wound = undefined;
    this.#soon(0);
  }

  wound(step: number | undefined): void {
    this.#wound = step;
    this.#soon(0);
  }

  progress(): void {
    if (this.#wound === undefined && this.#timer === undefined) this.#soon(REST_MS);
  }

  #soon(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#inSight && !document.hidden) void this.#look();
    }, ms);
  }

  /** Makes one request at a time. Of requests that wait, only the last is made. */
  async #look(): Promise<void> {
    if (this.#asking) return;
    const at = this.#wound;
    const asked = this.read({ from: 0, temperature: 1, ...(at === undefined ? {} : { at }) });
    if (!asked) return;
    this.#asking = true;
    const began = performance.now();
    const answer = await asked;
    this.#asking = false;
    if (at !== this.#wound) {
      this.#soon(0);
      return;
    }
    this.#show(answer.ok ? answer.value : undefined);
    // Training comes first.
    const tookMs = performance.now() - began;
    if (at === undefined && answer.ok && tookMs * REST_TIMES > REST_MS) this.#soon(tookMs * REST_TIMES);
  }

  #show(reading: Reading | undefined): void {
    this.#body.hidden = !reading;
    if (!reading) {
      this.#said.textContent = words.gone;
      return;
    }
    this.#reading = reading;
    const mean = surpriseOf(reading);
    const step = count(reading.step);
    this.#said.textContent = mean
      ? words.said(step, figure(Number(mean.bits.toPrecision(3))), mean.letter)
      : words.saidUnknown(step);
    this.#write(reading);
    this.#paint();
  }

  #write({ symbols, ...reading }: Reading): void {
    if (symbols.some((symbol, t) => this.#letters[t]?.dataset.symbol !== symbol)) {
      this.#letters = symbols.map((symbol) => {
        const letter = create('span', '', symbol === '\n' ? '↵\n' : symbol === ' ' ? ' ' : visible(symbol));
        letter.dataset.symbol = symbol;
        return letter;
      });
      this.#text.replaceChildren(...this.#letters);
    }
    for (const [t, bits] of surprises({ symbols, ...reading }).entries()) {
      const level = Number.isFinite(bits) ? Math.min(1, bits / FULL_BITS) : 0;
      this.#letters[t].style.setProperty('--level', String(Math.round(100 * level)));
    }
  }

  /** Paints all units over all letters, as wide as the text. */
  #paint(): void {
    const width = this.#text.clientWidth;
    const canvas = this.#units;
    const context = canvas.getContext('2d');
    if (!this.#reading || !context || width === 0) return;
    const { levels, rows, columns } = stateLevels(this.#reading);
    const height = rows * Math.min(MOST_ROW, ROWS / Math.max(1, rows));
    const style = getComputedStyle(canvas);
    const [low, zero, high] = ['--minus', '--panel', '--plus'].map((name) =>
      style.getPropertyValue(name).trim(),
    );
    paintLevels(this.#pixels, { columns, rows }, levels, [low, zero, high]);
    [canvas.width, canvas.height] = [width * devicePixelRatio, height * devicePixelRatio].map(Math.round);
    canvas.style.height = `${height}px`;
    context.imageSmoothingEnabled = false;
    context.drawImage(this.#pixels, 0, 0, canvas.width, canvas.height);
    canvas.ariaLabel = words.unitsLabel(rows, columns);
  }
}
