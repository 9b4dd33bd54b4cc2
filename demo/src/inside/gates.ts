import { byId, create } from '../page/dom.js';
import { count, figure } from '../page/format.js';
import { GATE_NAMES, GATE_ORDER, GATES, gatesSentence } from './gate-words.js';
import type { InsideView } from './protocol.js';
import { columnWidth, drawTextLine } from './text-line.js';
import { wordsOf } from '../words/parts.js';

const words = (await wordsOf('inside')).gates;

/** Height of a row, and of the row of characters above, in pixels. */
const ROW = 20;
const HEAD = 22;

/** Returns the absolute value at the ends of a row's colours: 1, or more if values exceed it. */
export function scaleOf(values: ArrayLike<number>): number {
  let largest = 1;
  for (let t = 0; t < values.length; t++) if (Math.abs(values[t]) > largest) largest = Math.abs(values[t]);
  return largest;
}

/**
 * The gates, cell state and state of one unit over the text: one row for each, one column for each
 * character.
 */
export class GateMap {
  readonly #block = byId('inside-gates', HTMLElement);
  readonly #about = byId('inside-gates-about', HTMLElement);
  readonly #names = byId('inside-gate-names', HTMLElement);
  readonly #canvas = byId('inside-gate-map', HTMLCanvasElement);
  #view: Pick<InsideView, 'symbols' | 'unit'> | undefined;
  #marked: number | undefined;
  #drawing = false;

  /** @param look called with the character under the pointer */
  constructor(look: (position: number | undefined) => void) {
    this.#canvas.addEventListener('pointermove', ({ offsetX }) => {
      const position = Math.floor(offsetX / this.#width());
      look(position < (this.#view?.symbols.length ?? 0) ? position : undefined);
    });
    this.#canvas.addEventListener('pointerleave', () => look(undefined));
    new ResizeObserver(() => this.#queue()).observe(this.#canvas.parentElement as HTMLElement);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#queue());
  }

  show(view: Pick<InsideView, 'symbols' | 'unit'>): void {
    this.#view = view;
    const rows = rowsOf(view.unit.activations);
    this.#block.hidden = rows.length < 2; // a plain RNN has only its state, which the text shows
    const labels = rows.map(([name, values]) => {
      const scale = scaleOf(values);
      return `${GATE_NAMES[name]}${scale > 1 ? `, ±${figure(Number(scale.toPrecision(2)))}` : ''}`;
    });
    if (labels.join() !== [...this.#names.children].map(({ textContent }) => textContent).join())
      this.#names.replaceChildren(...labels.map((label) => create('li', '', label)));
    this.#about.textContent = gatesSentence(view.unit.activations);
    this.#canvas.ariaLabel = words.about(labels, count(view.symbols.length));
    this.#queue();
  }

  /** Marks the current character. */
  mark(position: number | undefined): void {
    if (position === this.#marked) return;
    this.#marked = position;
    this.#queue();
  }

  #queue(): void {
    if (this.#drawing || !this.#view) return;
    this.#drawing = true;
    // Not within an animation frame, whose time the text above needs.
    setTimeout(() => {
      this.#drawing = false;
      if (this.#view && !this.#block.hidden) this.#draw(this.#view);
    });
  }

  #width(): number {
    return columnWidth(
      (this.#canvas.parentElement as HTMLElement).clientWidth,
      this.#view?.symbols.length ?? 1,
    );
  }

  #draw({ symbols, unit }: Pick<InsideView, 'symbols' | 'unit'>): void {
    const context = this.#canvas.getContext('2d');
    if (!context) return;
    const rows = rowsOf(unit.activations);
    const column = this.#width();
    const [width, height] = [column * symbols.length, HEAD + ROW * rows.length];
    const ratio = devicePixelRatio;
    if (this.#canvas.width !== width * ratio || this.#canvas.height !== height * ratio) {
      [this.#canvas.width, this.#canvas.height] = [width * ratio, height * ratio];
      this.#canvas.style.width = `${width}px`;
      this.#canvas.style.height = `${height}px`;
    }
    const style = getComputedStyle(this.#canvas);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const [low, high, gate, text, mark] = ['--minus', '--plus', '--gate', '--muted', '--accent'].map(colour);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.font = `12px ${style.fontFamily}`;
    context.fillStyle = text;
    drawTextLine(context, symbols, column, this.#marked, 14);
    for (const [r, [name, values]] of rows.entries()) {
      const scale = scaleOf(values);
      for (let t = 0; t < symbols.length; t++) {
        context.globalAlpha = Math.min(1, Math.abs(values[t]) / scale) || 0;
        context.fillStyle = GATES.includes(name) ? gate : values[t] < 0 ? low : high;
        context.fillRect(t * column, HEAD + r * ROW, column, ROW - 2);
      }
    }
    context.globalAlpha = 1;
    if (this.#marked === undefined) return;
    context.strokeStyle = mark;
    context.lineWidth = 2;
    context.strokeRect(this.#marked * column, HEAD - 2, Math.max(2, column), height - HEAD);
  }
}

/** Returns the existing activations in the order of their names. */
function rowsOf(activations: InsideView['unit']['activations']): [name: string, values: Float32Array][] {
  return GATE_ORDER.flatMap((name): [string, Float32Array][] =>
    activations[name] ? [[name, activations[name]]] : [],
  );
}
