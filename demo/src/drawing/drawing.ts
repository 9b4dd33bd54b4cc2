import '../../styles/drawing.css';
import { create } from '../page/dom.js';
import { sentences } from '../page/format.js';
import type { CellPlace, Example, NetworkShape } from './shape.js';
import { StripView, type PlaceChoice } from './strip.js';
import { WeightList } from './weights.js';
import { gradientSentence, shapeSentence, stepSentence } from './words.js';
import type { SumsOf, Zooms } from './zooms.js';
import { wordsOf } from '../words/parts.js';

/** Options of a drawing. */
export interface DrawingOptions {
  /** Its name, for screen readers. */
  readonly label: string;
  /** Called with the index of the chosen step. */
  readonly look?: (step: number) => void;
  /** Returns the numbers of the third zoom. Without it there is no third zoom. */
  readonly sums?: SumsOf;
  /** Whether sentences are shown below. Default true; screen readers always get them. */
  readonly words?: boolean;
}

/** Width in pixels before the page has laid the drawing out. */
const FIRST_WIDTH = 640;

const { view: words } = await wordsOf('drawing');
const { keys: KEYS, zooms: ZOOMS, ...view } = words;

/**
 * A network unrolled in time on a real example, in three zooms: steps, one cell, one unit's
 * numbers. Left and right move between steps, up and down between cells or units, Enter zooms in,
 * Escape out. It computes nothing of the network: `show` gets everything that is drawn.
 */
export class NetworkDrawing {
  readonly element = create('figure', 'drawing');
  readonly #stage = create('div', 'drawing-stage');
  readonly #below = create('div');
  readonly #words = create('figcaption', 'drawing-words');
  readonly #strip = new StripView((place) => this.#pointed(place));
  readonly #weights = new WeightList();
  readonly #options: DrawingOptions;
  readonly #buttons: readonly HTMLButtonElement[];
  readonly #units = create('span', 'drawing-units');
  #zooms: Zooms | undefined;
  #shape: NetworkShape | undefined;
  #example: Example | undefined;
  /** 0: steps, 1: one cell, 2: one unit. */
  #zoom = 0;
  /** The step that the visitor has chosen; undefined for the last one. */
  #chosen: number | undefined;
  #cell: { readonly layer: number; readonly direction: 0 | 1 } = { layer: 0, direction: 0 };
  #unit = 0;
  #width = FIRST_WIDTH;
  #queued = false;

  constructor(options: DrawingOptions) {
    this.#options = options;
    const stage = this.#stage;
    stage.tabIndex = 0;
    stage.role = 'slider';
    stage.ariaLabel = options.label;
    stage.ariaValueNow = '1'; // before there is anything to see, too
    stage.setAttribute('aria-description', KEYS);
    stage.append(this.#strip.element);
    const bar = create('div', 'bar drawing-bar');
    this.#buttons = ZOOMS.slice(0, options.sums ? 3 : 2).map((name, zoom) =>
      button(name, () => this.#setZoom(zoom)),
    );
    const [before, after] = [-1, 1].map((by) =>
      button(by < 0 ? '‹' : '›', () => this.#moveUnit(by), by < 0 ? view.previous : view.next),
    );
    this.#units.append(before, create('span'), after);
    this.#units.hidden = true; // until a unit is seen
    bar.append(...this.#buttons, this.#units, create('span', 'drawing-keys', KEYS));
    this.element.append(bar, stage, this.#below, this.#weights.element, this.#words);
    this.#words.classList.toggle('visually-hidden', options.words === false);
    stage.addEventListener('keydown', (event) => this.#pressed(event));
    new ResizeObserver(() => {
      const width = stage.clientWidth;
      if (width === 0 || width === this.#width) return;
      this.#width = width;
      this.#queue();
    }).observe(stage);
  }

  /** Index of the current step. */
  get step(): number {
    const last = Math.max(0, (this.#example?.steps.length ?? 0) - 1);
    return Math.min(last, this.#chosen ?? last);
  }

  /** Shows a step; undefined always shows the last. */
  lookAt(step: number | undefined): void {
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

  /** Lights up the weights after an update. */
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

  /** The chosen cell at the current step. */
  get #place(): CellPlace & { readonly unit: number } {
    const { layer, direction } = this.#cell;
    const { states, steps } = this.#example as Example;
    const count = states.at(layer)?.[direction]?.length ?? steps.length;
    const span = Math.max(1, Math.round(steps.length / Math.max(1, count)));
    return { layer, direction, step: Math.min(count - 1, Math.floor(this.step / span)), unit: this.#unit };
  }

  #draw(): void {
    const [shape, example] = [this.#shape, this.#example];
    if (!shape || !example) return;
    const { stack } = shape;
    if (this.#cell.layer >= stack.layers || this.#cell.direction >= stack.directions)
      this.#cell = { layer: 0, direction: 0 };
    this.#unit = Math.min(this.#unit, stack.hidden - 1);
    const { step } = this;
    const zoom = this.#zooms ? this.#zoom : 0;
    for (const [i, one] of this.#buttons.entries()) one.ariaPressed = String(i === zoom);
    this.#units.hidden = zoom === 0;
    // A cell is not understood without a word.
    this.#words.classList.toggle('visually-hidden', this.#options.words === false && zoom === 0);
    const said = stepSentence(example, step);
    const told = [said];
    if (zoom > 0 && this.#zooms) {
      told.push(this.#zooms.show(shape, example, this.#place, { width: this.#width, numbers: zoom === 2 }));
      const [, label] = this.#units.children;
      label.textContent = view.unit(this.#unit + 1, stack.hidden);
    } else {
      this.#strip.show(
        shape,
        example,
        step,
        this.#width,
        stack.layers * stack.directions > 1 ? this.#cell : undefined,
      );
      told.push(gradientSentence(example), shapeSentence(shape));
    }
    this.#words.textContent = sentences(told);
    const stage = this.#stage;
    stage.ariaValueMin = '1';
    stage.ariaValueMax = String(Math.max(1, example.steps.length));
    stage.ariaValueNow = String(step + 1);
    stage.ariaValueText = sentences(told.slice(0, zoom > 0 ? 2 : 1)) || shapeSentence(shape);
  }

  #pointed({ step, layer, direction = 0 }: PlaceChoice): void {
    this.#stage.focus({ preventScroll: true });
    if (layer === undefined) this.#moveTo(step);
    else {
      const { states, steps } = this.#example as Example;
      const count = states.at(layer)?.[direction]?.length ?? steps.length;
      this.#cell = { layer, direction };
      this.#moveTo(step * Math.max(1, Math.round(steps.length / Math.max(1, count))));
      void this.#setZoom(1);
    }
  }

  /** The nearer zooms are loaded on first use. */
  async #setZoom(zoom: number): Promise<void> {
    this.#zoom = Math.max(0, Math.min(this.#buttons.length - 1, zoom));
    if (this.#zoom > 0 && !this.#zooms) {
      const { Zooms } = await import('./zooms.js');
      this.#zooms = new Zooms(this.#options.sums ?? (() => []));
    }
    const zooms = this.#zooms;
    if (zooms) {
      this.#stage.replaceChildren(this.#zoom === 0 ? this.#strip.element : zooms.cell.element);
      this.#below.replaceChildren(...(this.#zoom === 2 ? [zooms.unit.element] : []));
    }
    this.#weights.element.classList.toggle('away', this.#zoom > 0);
    this.#queue();
  }

  #moveTo(step: number): void {
    const last = (this.#example?.steps.length ?? 1) - 1;
    const to = Math.max(0, Math.min(last, step));
    this.lookAt(to);
    this.#options.look?.(to);
  }

  #moveUnit(by: number): void {
    const { hidden } = (this.#shape as NetworkShape).stack;
    this.#unit = (this.#unit + by + hidden) % hidden;
    this.#queue();
  }

  /** Moves up to the next cell above, or down. */
  #moveCell(by: number): void {
    const { layers, directions } = (this.#shape as NetworkShape).stack;
    // From the lowest layer to the highest; of two directions the one to the right is above.
    const { layer, direction } = this.#cell;
    const place = layer * directions + (directions - 1 - direction) + by;
    if (place < 0 || place >= layers * directions) return;
    this.#cell = {
      layer: Math.floor(place / directions),
      direction: (directions - 1 - (place % directions)) as 0 | 1,
    };
    this.#queue();
  }

  #pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || !this.#example) return;
    const { step } = this;
    const zoom = this.#zoom;
    if (event.key === 'ArrowRight') this.#moveTo(step + 1);
    else if (event.key === 'ArrowLeft') this.#moveTo(step - 1);
    else if (event.key === 'Home') this.#moveTo(0);
    else if (event.key === 'End') this.#moveTo(Infinity);
    else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      const up = event.key === 'ArrowUp' ? 1 : -1;
      if (zoom === 0) this.#moveCell(up);
      else this.#moveUnit(-up);
    } else if (event.key === 'Enter' && zoom < this.#buttons.length - 1) void this.#setZoom(zoom + 1);
    else if (event.key === 'Escape' && zoom > 0) void this.#setZoom(zoom - 1);
    else return;
    event.preventDefault();
    event.stopPropagation(); // keep the arrow keys from turning the page's chapters
  }
}

function button(text: string, press: () => unknown, label = text): HTMLButtonElement {
  const one = create('button', '', text);
  one.type = 'button';
  if (label !== text) one.ariaLabel = label;
  one.addEventListener('click', () => void press());
  return one;
}
