import { byId } from '../page/dom.js';
import { count } from '../page/format.js';
import { paintLevels } from '../page/heat-map.js';
import type { LitRow, Range } from './phrases.js';
import type { InsideView, UnitChoice } from './protocol.js';
import { nameOf } from './sentences.js';
import { columnWidth, drawTextLine } from './text-line.js';
import { wordsOf } from '../words/parts.js';

const words = await wordsOf('inside');

/** Height of the text above, of all rows together if they fit, and of one row at most. */
const HEAD = 20;
const ROWS = 256;
const MOST_ROW = 12;

/** What the map shows. */
export type MapView = Pick<InsideView, 'symbols' | 'overview' | 'unit' | 'hidden' | 'layers'>;

/** Actions of the visitor in the map. */
export interface MapListener {
  look(position: number | undefined): void;
  choose(unit: UnitChoice): void;
}

/** All units at once: one row for each, the slowest at the top, one column for each character. */
export class UnitMap {
  readonly #canvas = byId('inside-map', HTMLCanvasElement);
  readonly #pixels = document.createElement('canvas');
  #view: MapView | undefined;
  #state: 'h' | 'c' = 'h';
  #marked: number | undefined;
  #phrase: Range | undefined;
  #lit: readonly LitRow[] = [];
  #drawing = false;

  constructor(readonly listener: MapListener) {
    const canvas = this.#canvas;
    canvas.addEventListener('pointermove', ({ offsetX }) => {
      const position = Math.floor(offsetX / this.#column);
      listener.look(position < (this.#view?.symbols.length ?? 0) ? position : undefined);
    });
    canvas.addEventListener('pointerleave', () => listener.look(undefined));
    canvas.addEventListener('click', ({ offsetY }) => this.#choose(Math.floor((offsetY - HEAD) / this.#row)));
    canvas.addEventListener('keydown', (event) => this.#pressed(event));
    for (const state of ['h', 'c'] as const)
      byId(`inside-map-${state}`, HTMLInputElement).addEventListener('change', () => {
        this.#state = state;
        this.#queue();
      });
    new ResizeObserver(() => this.#queue()).observe(canvas.parentElement as HTMLElement);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#queue());
  }

  /** The current states, [rows,T]. */
  get levels(): Int8Array {
    const levels = this.#view?.overview.levels;
    return levels?.[this.#state] ?? levels?.h ?? new Int8Array();
  }

  show(view: MapView): void {
    this.#view = view;
    byId('inside-map-states', HTMLElement).hidden = view.overview.levels.c === undefined;
    const canvas = this.#canvas;
    const chosen = this.#rowOf(view.unit);
    canvas.ariaValueMin = '1';
    canvas.ariaValueMax = String(view.overview.rows.length);
    canvas.ariaValueNow = String(chosen + 1);
    const place = words.map(
      nameOf(view.unit, view.layers),
      count(chosen + 1),
      count(view.overview.rows.length),
    );
    canvas.ariaValueText = place;
    byId('inside-map-chosen', HTMLElement).textContent = words.framed(place);
    this.#queue();
  }

  mark(position: number | undefined): void {
    if (position === this.#marked) return;
    this.#marked = position;
    this.#queue();
  }

  /** Lights up the rows that are on throughout a phrase; undefined removes the light. */
  light(phrase: Range | undefined, rows: readonly LitRow[]): void {
    this.#phrase = phrase;
    this.#lit = rows;
    this.#queue();
  }

  /** Returns the unit of a row. */
  unitOf(row: number): UnitChoice {
    const { overview, hidden } = this.#view as MapView;
    const index = overview.rows[row];
    return { layer: Math.floor(index / hidden), unit: index % hidden };
  }

  #rowOf({ layer, unit }: UnitChoice): number {
    const { overview, hidden } = this.#view as MapView;
    return Math.max(0, overview.rows.indexOf(layer * hidden + unit));
  }

  #choose(row: number): void {
    if (this.#view && row >= 0 && row < this.#view.overview.rows.length)
      this.listener.choose(this.unitOf(row));
  }

  #pressed(event: KeyboardEvent): void {
    if (!this.#view || event.ctrlKey || event.altKey || event.metaKey) return;
    const [row, last] = [this.#rowOf(this.#view.unit), this.#view.overview.rows.length - 1];
    const to = {
      ArrowUp: row - 1,
      ArrowDown: row + 1,
      Home: 0,
      End: last,
      PageUp: row - 10,
      PageDown: row + 10,
    }[event.key];
    if (to === undefined) return;
    this.#choose(Math.max(0, Math.min(last, to)));
    event.preventDefault();
  }

  get #column(): number {
    return columnWidth(
      (this.#canvas.parentElement as HTMLElement).clientWidth,
      this.#view?.symbols.length ?? 1,
    );
  }

  get #row(): number {
    return Math.max(
      1,
      Math.min(MOST_ROW, Math.floor(ROWS / Math.max(1, this.#view?.overview.rows.length ?? 1))),
    );
  }

  #queue(): void {
    if (this.#drawing || !this.#view) return;
    this.#drawing = true;
    // Not within an animation frame, whose time the text above needs.
    setTimeout(() => {
      this.#drawing = false;
      if (this.#view) this.#draw(this.#view);
    });
  }

  #draw({ symbols, overview, unit }: MapView): void {
    const canvas = this.#canvas;
    const context = canvas.getContext('2d');
    const [column, row, T, rows] = [this.#column, this.#row, symbols.length, overview.rows.length];
    if (!context || T === 0) return;
    const [width, height, ratio] = [column * T, HEAD + row * rows, devicePixelRatio];
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== height * ratio) {
      [canvas.width, canvas.height] = [width * ratio, height * ratio];
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    const style = getComputedStyle(canvas);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const ends = [colour('--minus'), colour('--panel'), colour('--plus')] as const;
    paintLevels(this.#pixels, { columns: T, rows }, this.levels, ends);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.#pixels, 0, HEAD, width, row * rows);
    const lit = new Set(this.#lit.map(({ row: at }) => at));
    if (this.#phrase) {
      context.fillStyle = colour('--panel');
      context.globalAlpha = 0.8;
      for (let r = 0; r < rows; r++) if (!lit.has(r)) context.fillRect(0, HEAD + r * row, width, row);
      context.globalAlpha = 1;
    }
    context.font = `12px ${style.fontFamily}`;
    context.fillStyle = colour('--text');
    drawTextLine(context, symbols, column, this.#marked, 14);
    context.strokeStyle = colour('--accent');
    context.lineWidth = 2;
    if (this.#phrase) {
      const { from, to } = this.#phrase;
      context.strokeRect(from * column, HEAD - 1, (to - from) * column, height - HEAD);
    }
    context.strokeRect(1, HEAD + this.#rowOf(unit) * row - 1, width - 2, row + 2);
    if (this.#marked !== undefined)
      context.strokeRect(this.#marked * column, HEAD, Math.max(2, column), height - HEAD);
  }
}
