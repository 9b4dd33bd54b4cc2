import '../../styles/drawing.css';
import { create } from '../page/dom.js';
import type { Example, NetworkShape } from './shape.js';
import { StripView, type PlaceChoice } from './strip.js';
import { WeightList } from './weights.js';
import { gradientSentence, shapeSentence, stepSentence } from './words.js';

/** What a drawing is made with. */
export interface DrawingOptions {
  /** Its name, for those who hear the page. */
  readonly label: string;
  /** Told which step is looked at, from 0. */
  readonly look?: (step: number) => void;
}

/** Width before the page has laid the drawing out. */
const FIRST_WIDTH = 640;

/**
 * A network unrolled in time on a real example. Arrow keys move from step to step. It computes
 * nothing and asks nobody: `show` is given all there is to see.
 */
export class NetworkDrawing {
  readonly element = create('figure', 'drawing');
  readonly #stage = create('div', 'drawing-stage');
  readonly #words = create('figcaption', 'drawing-words');
  readonly #strip = new StripView((place) => this.#pointed(place));
  readonly #weights = new WeightList();
  readonly #look: (step: number) => void;
  #shape: NetworkShape | undefined;
  #example: Example | undefined;
  /** The step that somebody has chosen; undefined: the last one. */
  #chosen: number | undefined;
  #width = FIRST_WIDTH;
  #queued = false;

  constructor({ label, look = () => undefined }: DrawingOptions) {
    this.#look = look;
    const stage = this.#stage;
    stage.tabIndex = 0;
    stage.role = 'slider';
    stage.ariaLabel = label;
    stage.append(this.#strip.element);
    this.element.append(stage, this.#weights.element, this.#words);
    stage.addEventListener('keydown', (event) => this.#pressed(event));
    new ResizeObserver(() => {
      const width = stage.clientWidth;
      if (width === 0 || width === this.#width) return;
      this.#width = width;
      this.#queue();
    }).observe(stage);
  }

  /** The step that is looked at, from 0. */
  get step(): number {
    const last = Math.max(0, (this.#example?.steps.length ?? 0) - 1);
    return Math.min(last, this.#chosen ?? last);
  }

  /** Looks at a step; undefined: always at the last. */
  set step(step: number | undefined) {
    this.#chosen = step;
    this.#queue();
  }

  /** Draws with the next frame. A later call before that frame replaces this one. */
  show(shape: NetworkShape, example: Example): void {
    if (example.weights !== this.#example?.weights || !this.#shape) this.#weights.show(example.weights ?? []);
    this.#shape = shape;
    this.#example = example;
    this.#queue();
  }

  /** Lights up the weights: an update has changed them. */
  blink(): void {
    this.#weights.blink();
  }

  #queue(): void {
    if (this.#queued) return;
    this.#queued = true;
    requestAnimationFrame(() => {
      this.#queued = false;
      this.#draw();
    });
  }

  #draw(): void {
    const [shape, example] = [this.#shape, this.#example];
    if (!shape || !example) return;
    const { step } = this;
    this.#strip.show(shape, example, step, this.#width);
    const said = stepSentence(example, step);
    this.#words.textContent = [said, gradientSentence(example), shapeSentence(shape)]
      .filter((sentence) => sentence !== '')
      .join(' ');
    const stage = this.#stage;
    stage.ariaValueMin = '1';
    stage.ariaValueMax = String(Math.max(1, example.steps.length));
    stage.ariaValueNow = String(step + 1);
    stage.ariaValueText = said === '' ? shapeSentence(shape) : said;
  }

  #pointed({ step }: PlaceChoice): void {
    this.#moveTo(step);
    this.#stage.focus();
  }

  #moveTo(step: number): void {
    const last = (this.#example?.steps.length ?? 1) - 1;
    const to = Math.max(0, Math.min(last, step));
    this.step = to;
    this.#look(to);
  }

  #pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const { step } = this;
    if (event.key === 'ArrowRight') this.#moveTo(step + 1);
    else if (event.key === 'ArrowLeft') this.#moveTo(step - 1);
    else if (event.key === 'Home') this.#moveTo(0);
    else if (event.key === 'End') this.#moveTo(Infinity);
    else return;
    event.preventDefault();
  }
}
