import { visible } from '../inside/symbols.js';
import {
  gradientWidth,
  GUESS_HEIGHT,
  layOut,
  MOST_GUESSES,
  r,
  type Box,
  type Column,
  type GradientArrow,
  type StripLayout,
} from './layout.js';
import { isPicture, type Example, type Guess, type NetworkShape, type Step, type Strip } from './shape.js';
import { set, svg } from './svg.js';
import { levelClass, LEVELS, unitPaths } from './units.js';
import { isRight } from './words.js';

/** Height of the bars of guesses, and characters of a word that has little room. */
const BARS = 26;
const CHARACTER = 7.2;
/** Shares of attention below this are not drawn. */
const SEEN = 0.02;

/** Where somebody has pointed in the strip. */
export interface PlaceChoice {
  readonly step: number;
  /** Of a cell: its layer and direction. */
  readonly layer?: number;
  readonly direction?: 0 | 1;
}

/** The strip: reads, memory cells and guesses of some steps, with arrows between them. */
export class StripView {
  readonly element = svg('svg', { class: 'strip', 'aria-hidden': 'true' });
  #layout: StripLayout | undefined;
  #key = '';
  #example: Example | undefined;
  #columns: StepView[] = [];
  #sourceReads: { readonly text: SVGTextElement; readonly step: number }[] = [];
  #cells: CellSquares[] = [];
  #gradients: { readonly arrow: GradientArrow; readonly line: SVGPathElement }[] = [];
  #attention = svg('g', { class: 'attention' });
  #mark = svg('rect', { class: 'mark', rx: 5 });

  /** @param choose told which step, or which cell of it, is clicked */
  constructor(choose: (place: PlaceChoice) => void) {
    this.element.addEventListener('click', ({ target }) => {
      const place = target instanceof Element ? target.closest<SVGElement>('[data-step]') : null;
      if (!place) return;
      const { step, layer, direction } = place.dataset;
      choose({
        step: Number(step),
        ...(layer === undefined ? {} : { layer: Number(layer), direction: direction === '1' ? 1 : 0 }),
      });
    });
  }

  /**
   * @param width in pixels
   * @param chosen the cell that Enter leads to, where there are several
   */
  show(
    shape: NetworkShape,
    example: Example,
    current: number,
    width: number,
    chosen?: { readonly layer: number; readonly direction: number },
  ): void {
    this.#example = example;
    const source = stripOf(example);
    const layout = layOut(shape, {
      width,
      steps: example.steps.length,
      sourceSteps: source?.steps.length ?? 0,
      current,
      longest: Math.max(1, ...example.steps.map(({ reads }) => [...reads].length)),
    });
    const key = JSON.stringify([shape, width, layout.columns, layout.sourceColumns]);
    this.#layout = layout;
    if (key !== this.#key) this.#build(shape, layout);
    this.#key = key;
    for (const view of this.#columns) view.show(example.steps[view.step], view.step === current);
    for (const { text, step } of this.#sourceReads)
      text.textContent = short(source?.steps.at(step)?.reads ?? '', layout.sourceColumnWidth);
    for (const cell of this.#cells) {
      const { part, layer, direction, x, width } = cell.box;
      cell.show(part === 'stack' ? example : source);
      const at = layout.columns.find(({ step }) => step === current)?.x ?? NaN;
      const near =
        Math.abs(x + width / 2 - at) <= (layout.columnWidth * 2 ** (shape.stack.pyramidal ? layer : 0)) / 2;
      cell.group.classList.toggle(
        'chosen',
        part === 'stack' && near && layer === chosen?.layer && direction === chosen.direction,
      );
    }
    this.#showGradients();
    this.#showAttention(shape, current);
    this.#showMark(current);
    if (layout.picture && example.source && 'picture' in example.source) {
      const image = this.element.querySelector('image');
      if (image) set(image, 'href', example.source.picture);
    }
  }

  #build(shape: NetworkShape, layout: StripLayout): void {
    const { width, height } = layout;
    const { element } = this;
    set(element, 'viewBox', `0 0 ${r(width)} ${r(height)}`);
    set(element, 'width', r(width));
    set(element, 'height', r(height));
    element.replaceChildren(this.#mark, this.#attention);
    for (const { text, x, y } of layout.names)
      element.append(svg('text', { class: 'name', x, y: r(y) }, text));
    for (const { kind, path } of layout.arrows)
      element.append(svg('path', { class: `arrow ${kind}`, d: path }));
    this.#gradients = layout.gradients.map((arrow) => ({ arrow, line: svg('path', { class: 'gradient' }) }));
    element.append(...this.#gradients.map(({ line }) => line));
    this.#cells = layout.boxes.map((box) => new CellSquares(box, layout));
    element.append(...this.#cells.map(({ group }) => group));
    if (layout.picture) {
      const { x, y, size } = layout.picture;
      element.append(svg('image', { x: r(x), y: r(y), width: size, height: size, class: 'picture' }));
      element.append(svg('rect', { x: r(x), y: r(y), width: size, height: size, class: 'frame' }));
    } else {
      this.#sourceReads = layout.sourceColumns.map(({ step, x }) => ({
        step,
        text: svg('text', { class: 'read', x: r(x), y: r(layout.sourceReadY) }),
      }));
      element.append(...this.#sourceReads.map(({ text }) => text));
    }
    this.#columns = layout.columns.map(
      (column, i) => new StepView(column, layout, shape.answers === 'each', i === layout.columns.length - 1),
    );
    element.append(...this.#columns.map(({ group }) => group));
    const [first, last] = [layout.columns.at(0), layout.columns.at(-1)];
    if (first && last)
      element.append(
        svg('path', {
          class: 'brace',
          d: `M${r(first.x - 12)} ${r(layout.weightsY)}v6H${r(last.x + 12)}v-6`,
        }),
      );
  }

  #showGradients(): void {
    const source = this.#example && stripOf(this.#example);
    const norm = ({ part, layer, direction, step, state }: GradientArrow): number | undefined =>
      (part === 'stack' ? this.#example : source)?.states.at(layer)?.[direction]?.at(step)?.gradients?.[
        state
      ];
    const norms = this.#gradients.map(({ arrow }) => norm(arrow));
    const largest = Math.max(0, ...norms.map((one) => (one !== undefined && Number.isFinite(one) ? one : 0)));
    for (const [i, { arrow, line }] of this.#gradients.entries()) {
      const one = norms[i];
      line.style.display = one === undefined ? 'none' : '';
      if (one === undefined) continue;
      set(line, 'class', gradientWidth(one, largest) === 0 ? 'gradient vanished' : 'gradient');
      set(line, 'd', gradientPath(arrow, gradientWidth(one, largest)));
    }
  }

  #showAttention(shape: NetworkShape, current: number): void {
    const { attentionY: at, sourceColumns, columns, picture } = this.#layout as StripLayout;
    const lines: SVGElement[] = [];
    for (const { step, x } of at ? columns : []) {
      const weights = this.#example?.steps.at(step)?.attention;
      if (!weights || !at) continue;
      const now = step === current;
      for (const column of sourceColumns) {
        const weight = weights[column.step] ?? 0;
        if (picture && now && shape.encoder && isPicture(shape.encoder))
          lines.push(glow(picture, shape.encoder, column.step, weight));
        if (weight < SEEN || (picture && !now)) continue;
        const line = svg('path', {
          class: now ? 'look now' : 'look',
          'stroke-width': r(Math.max(0.6, weight * 9)),
          d: `M${r(column.x)} ${r(at.from)}L${r(x)} ${r(at.to)}`,
        });
        lines.push(line);
      }
    }
    this.#attention.replaceChildren(...lines);
    if (picture) this.element.append(this.#attention); // over the picture
  }

  #showMark(current: number): void {
    const { columns, columnWidth, guessY, readY } = this.#layout as StripLayout;
    const column = columns.find(({ step }) => step === current);
    this.#mark.style.display = column ? '' : 'none';
    if (!column) return;
    set(this.#mark, 'x', r(column.x - columnWidth / 2 + 1));
    set(this.#mark, 'width', r(columnWidth - 2));
    set(this.#mark, 'y', r(guessY - 4));
    set(this.#mark, 'height', r(readY + 8 - guessY + 4));
  }
}

/** An arrow that is filled, as wide as it says; a line where it is 0. */
function gradientPath({ x1, x2, y }: GradientArrow, width: number): string {
  if (width === 0) return `M${r(x1)} ${r(y)}H${r(x2)}`;
  const [head, half] = [r(x2 + Math.sign(x1 - x2) * Math.min(6, Math.abs(x1 - x2) / 2)), r(width / 2)];
  return (
    `M${r(x1)} ${r(y - half)}H${head}V${r(y - half - 2.5)}L${r(x2)} ${r(y)}L${head} ${r(y + half + 2.5)}` +
    `V${r(y + half)}H${r(x1)}z`
  );
}

/** A place of a picture, the brighter the more it is looked at. */
function glow(
  { x, y, size }: { x: number; y: number; size: number },
  { rows, columns }: { rows: number; columns: number },
  place: number,
  weight: number,
): SVGElement {
  const [width, height] = [size / columns, size / rows];
  const share = Math.min(1, weight * Math.sqrt(rows * columns));
  return svg('rect', {
    class: 'glow',
    x: r(x + (place % columns) * width),
    y: r(y + Math.floor(place / columns) * height),
    width: r(width),
    height: r(height),
    'fill-opacity': r(0.7 * share),
  });
}

/** Units of one cell after one step. */
class CellSquares {
  readonly group = svg('g', { class: 'cell' });
  readonly #paths: readonly SVGPathElement[];
  readonly #layout: StripLayout;

  constructor(
    readonly box: Box,
    layout: StripLayout,
  ) {
    this.#layout = layout;
    const { part, layer, direction, step, x, y, width, height } = box;
    if (part === 'stack') {
      this.group.dataset.layer = String(layer);
      this.group.dataset.direction = String(direction);
      this.group.dataset.step = String(step);
    }
    this.#paths = Array.from({ length: 2 * LEVELS + 1 }, (_, i) =>
      svg('path', { class: levelClass(i - LEVELS) }),
    );
    this.group.append(
      svg('rect', {
        class: 'box',
        x: r(x - 1),
        y: r(y - 1),
        width: r(width + 2),
        height: r(height + 2),
        rx: 2,
      }),
      ...this.#paths,
    );
  }

  show(strip: Strip | undefined): void {
    const { part, layer, direction, step, x, y } = this.box;
    const values = strip?.states.at(layer)?.[direction]?.at(step)?.activations.h ?? [];
    const paths = unitPaths(values, this.#layout.grids[part], x, y);
    for (const [i, path] of this.#paths.entries()) set(path, 'd', paths[i]);
  }
}

/** One step: what it reads and what it guesses. */
class StepView {
  readonly step: number;
  readonly group: SVGGElement;
  readonly #read: SVGTextElement;
  readonly #best = svg('text');
  readonly #share = svg('text');
  readonly #bars = Array.from({ length: MOST_GUESSES }, () => svg('rect', { class: 'bar' }));
  readonly #answers: readonly { readonly label: SVGTextElement; readonly share: SVGTextElement }[] = [];

  constructor(
    { step, x }: Column,
    readonly layout: StripLayout,
    readonly each: boolean,
    readonly last: boolean,
  ) {
    this.step = step;
    this.group = svg('g', { class: 'step' });
    this.group.dataset.step = String(step);
    const { guessY, readY, columnWidth } = layout;
    // A column answers a click where there is nothing in it.
    this.group.append(
      svg('rect', {
        class: 'hit',
        x: r(x - columnWidth / 2),
        y: r(readY - 18),
        width: r(columnWidth),
        height: 26,
      }),
    );
    this.#read = svg('text', { class: 'read', x: r(x), y: r(readY) });
    this.group.append(this.#read);
    if (each) {
      for (const [text, y, name] of [
        [this.#best, guessY + 11, 'best'],
        [this.#share, guessY + GUESS_HEIGHT - 4, 'share'],
      ] as const) {
        set(text, 'class', name);
        set(text, 'x', r(x));
        set(text, 'y', r(y));
      }
      const width = Math.min(9, (columnWidth - 6) / MOST_GUESSES);
      for (const [k, bar] of this.#bars.entries()) {
        set(bar, 'x', r(x + (k - MOST_GUESSES / 2) * width));
        set(bar, 'width', r(width - 1));
      }
      this.group.append(
        svg('rect', {
          class: 'hit',
          x: r(x - columnWidth / 2),
          y: r(guessY),
          width: r(columnWidth),
          height: GUESS_HEIGHT,
        }),
        this.#best,
        ...this.#bars,
        this.#share,
      );
    } else if (last) {
      const right = Math.min(layout.width - 4, Math.max(x + columnWidth / 2, 180));
      this.#answers = Array.from({ length: MOST_GUESSES }, (_, k) => ({
        label: svg('text', { class: 'answer', x: r(right - 44), y: r(guessY + 12 + 17 * k) }),
        share: svg('text', { class: 'answer', x: r(right), y: r(guessY + 12 + 17 * k) }),
      }));
      for (const [k, bar] of this.#bars.entries()) {
        set(bar, 'y', r(guessY + 17 * k));
        set(bar, 'height', 15);
      }
      this.group.append(...this.#bars, ...this.#answers.flatMap(({ label, share }) => [label, share]));
    }
  }

  show(step: Step | undefined, current: boolean): void {
    const { columnWidth } = this.layout;
    this.group.classList.toggle('current', current);
    this.#read.textContent = short(step?.reads ?? '', columnWidth);
    const guesses = (step?.guesses ?? []).slice(0, MOST_GUESSES);
    const best = guesses.at(0);
    const right = step && isRight(step);
    this.group.classList.toggle('right', right === true);
    this.group.classList.toggle('wrong', right === false);
    if (this.each) {
      const sign = right === undefined ? '' : right ? ' ✓' : ' ✗';
      this.#best.textContent = best ? `${short(best.symbol, columnWidth - 14)}${sign}` : '';
      this.#share.textContent = shareOf(best);
      for (const [k, bar] of this.#bars.entries()) this.#bar(bar, guesses.at(k), step?.comes);
    } else if (this.last) this.#showAnswers(guesses, step?.comes);
  }

  #bar(bar: SVGRectElement, guess: Guess | undefined, comes: string | undefined): void {
    const height = guess ? Math.max(1, (guess.probability ?? 1) * BARS) : 0;
    set(bar, 'y', r(this.layout.guessY + 17 + BARS - height));
    set(bar, 'height', r(height));
    set(bar, 'class', guess && guess.symbol === comes ? 'bar comes' : 'bar');
  }

  #showAnswers(guesses: readonly Guess[], comes: string | undefined): void {
    for (const [k, { label, share }] of this.#answers.entries()) {
      const guess = guesses.at(k);
      const isIt = guess !== undefined && guess.symbol === comes;
      label.textContent = guess
        ? `${short(guess.symbol, 130)}${k === 0 && comes !== undefined ? (isIt ? ' ✓' : ' ✗') : ''}`
        : '';
      share.textContent = shareOf(guess);
      const width = 130 * (guess?.probability ?? 0);
      set(this.#bars[k], 'x', r(Number(share.getAttribute('x')) - 40 - width));
      set(this.#bars[k], 'width', r(width));
      set(this.#bars[k], 'class', isIt ? 'bar comes' : 'bar');
    }
  }
}

function shareOf(guess: Guess | undefined): string {
  return guess?.probability === undefined ? '' : `${Math.round(100 * guess.probability)}%`;
}

/** What there is room for; one symbol is shown so that blanks are seen. */
function short(symbol: string, width: number): string {
  const characters = [...symbol];
  if (characters.length === 1) return visible(symbol);
  const most = Math.max(1, Math.floor(width / CHARACTER));
  return characters.length <= most ? symbol : `${characters.slice(0, Math.max(1, most - 1)).join('')}…`;
}

/** The strip of an encoder that is a stack. */
function stripOf({ source }: Example): Strip | undefined {
  return source && 'steps' in source ? source : undefined;
}
