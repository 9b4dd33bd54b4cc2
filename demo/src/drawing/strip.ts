import { attentionLines } from './attention-lines.js';
import { CellSquares } from './cell-squares.js';
import { GradientLines } from './gradient-lines.js';
import { layOut } from './layout.js';
import type { StripLayout } from './layout-parts.js';
import { r, set, svg } from './svg.js';
import type { Example, NetworkShape, Strip } from './shape.js';
import { short, StepView } from './step-view.js';
import { wordsOf } from '../words/parts.js';

const { rows } = await wordsOf('drawing');

/** A place of the strip that the visitor has clicked. */
export interface PlaceChoice {
  readonly step: number;
  /** For a cell: its layer and direction. */
  readonly layer?: number;
  readonly direction?: 0 | 1;
}

/** The strip: inputs, memory cells and guesses of some steps, with arrows between them. */
export class StripView {
  readonly element = svg('svg', { class: 'strip', 'aria-hidden': 'true' });
  #layout: StripLayout | undefined;
  #key = '';
  #columns: StepView[] = [];
  #sourceReads: { readonly text: SVGTextElement; readonly step: number }[] = [];
  #cells: CellSquares[] = [];
  #gradients = new GradientLines([]);
  #attention = svg('g', { class: 'attention' });
  #mark = svg('rect', { class: 'mark', rx: 5 });

  /** @param choose called with the clicked step, or the clicked cell of it */
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
   * @param chosen the cell that Enter leads to, if there are several
   */
  show(
    shape: NetworkShape,
    example: Example,
    current: number,
    width: number,
    chosen?: { readonly layer: number; readonly direction: number },
  ): void {
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
    this.#gradients.show({ stack: example, encoder: source });
    this.#attention.replaceChildren(...attentionLines(layout, shape, example.steps, current));
    if (layout.picture) this.element.append(this.#attention); // above the picture
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
    for (const { kind, path } of layout.arrows)
      element.append(svg('path', { class: `arrow ${kind}`, d: path }));
    // Drawn above arrows, because there may be no room beside them.
    for (const { row, x, y } of layout.names)
      element.append(svg('text', { class: 'name', x, y: r(y) }, rows[row]));
    this.#gradients = new GradientLines(layout.gradients);
    element.append(...this.#gradients.elements);
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

/** Returns the strip of an encoder that is a stack. */
function stripOf({ source }: Example): Strip | undefined {
  return source && 'steps' in source ? source : undefined;
}
