import type { Candidate, Connectivity } from '../../../src/index.js';
import { create } from '../page/dom.js';
import type { Range } from './phrases.js';
import type { PredictionChoice } from './protocol.js';
import { named, visible } from './symbols.js';

/**
 * Milliseconds of an animation frame in which cells are made or updated, and how many at once, so
 * that the page stays responsive for a long text and on a slow machine. Styles, layout and painting
 * of the changes take several times as long.
 */
const FRAME_MS = 3;
const AT_ONCE = 8;
/** What the cells show besides the characters. */
export interface CellValues {
  /** Colours: −1 to 1 for each character. */
  readonly levels: readonly number[];
  readonly likeliest: readonly (readonly Candidate[])[];
  readonly connectivity: Connectivity | undefined;
  /** Characters that the network does not know. */
  readonly unknown: readonly string[];
}

/** Actions of the visitor in the text. */
export interface TextListener {
  /** Looks at a character with pointer or keyboard; undefined when the pointer leaves. */
  look(position: number | undefined): void;
  /** Chooses a prediction; undefined removes the choice. */
  choose(choice: PredictionChoice | undefined): void;
  /** Chooses a phrase; undefined removes the choice. */
  select(phrase: Range | undefined): void;
  /** Describes a cell in words. */
  describe(position: number): string;
}

/** One character, in a colour. */
class Cell {
  readonly element = create('span', 'cell');
  #level = 0;

  constructor(position: number, symbol: string) {
    this.element.role = 'option';
    this.element.dataset.position = String(position);
    // Spaces keep their width and a line end ends the line; other invisible characters are shown as
    // a sign.
    this.element.textContent =
      symbol === '\n' ? '↵\n' : symbol === ' ' || symbol === '\t' ? symbol : visible(symbol);
    this.element.ariaLabel = named(symbol);
    this.element.classList.toggle('blank', symbol === '\n');
  }

  /** Writes only what has changed: most numbers change little. */
  show(state: number): void {
    const level = Math.round(state * 50) * 2;
    if (level === this.#level) return;
    this.#level = level;
    this.element.classList.toggle('low', level < 0);
    this.element.style.setProperty('--level', String(Math.abs(level)));
  }
}

/**
 * The text, one cell for each character: a list box in which the arrow keys move and Enter chooses
 * a prediction.
 */
export class TextView {
  /** The cells made so far. */
  #cells: Cell[] = [];
  #symbols: readonly string[] = [];
  #values: CellValues = { levels: [], likeliest: [], connectivity: undefined, unknown: [] };
  /** The cell that is updated next. */
  #from = 0;
  #drawing = false;
  #current = 0;
  #chosen: number | undefined;
  /** Start of a phrase that is being drawn, and the phrase. */
  #anchor: number | undefined;
  #phrase: Range | undefined;

  constructor(
    readonly box: HTMLElement,
    readonly listener: TextListener,
  ) {
    box.addEventListener('pointerover', (event) => this.#pointed(event));
    box.addEventListener('pointerdown', (event) => {
      this.#anchor = positionOf(event.target);
      if (this.#phrase) this.#mark(undefined);
    });
    box.addEventListener('pointerleave', () => this.listener.look(undefined));
    box.addEventListener('focusin', (event) => this.#focused(positionOf(event.target)));
    box.addEventListener('click', (event) => this.#clicked(event.target));
    box.addEventListener('keydown', (event) => this.#pressed(event));
  }

  /** Shows a text and its values. Cells are made again only for another text. */
  show(symbols: readonly string[], values: CellValues): void {
    if (symbols.length !== this.#symbols.length || symbols.some((symbol, i) => symbol !== this.#symbols[i]))
      this.#build(symbols);
    this.#values = values;
    this.#from = 0;
    const chosen = values.connectivity?.position;
    if (chosen !== this.#chosen) {
      this.#select(this.#chosen, false);
      this.#select(chosen, true);
      this.#chosen = chosen;
      this.box.classList.toggle('connected', chosen !== undefined);
    }
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => this.#draw());
  }

  /** Marks the current cell. */
  mark(position: number | undefined): void {
    this.box.querySelector('.marked')?.classList.remove('marked');
    if (position !== undefined) this.#cells[position]?.element.classList.add('marked');
  }

  /** Scrolls to a place and chooses it as the phrase. */
  go(place: Range): void {
    this.#moveTo(place.from, true);
    this.#mark(place);
  }

  #build(symbols: readonly string[]): void {
    this.#symbols = symbols;
    if (this.#phrase) this.#mark(undefined);
    this.#chosen = undefined;
    this.box.classList.remove('connected');
    this.#cells = [];
    this.#current = Math.max(0, Math.min(this.#current, symbols.length - 1));
    this.box.replaceChildren();
  }

  #addCell(position: number): void {
    const cell = new Cell(position, this.#symbols[position]);
    cell.element.classList.toggle('unknown', this.#values.unknown.includes(this.#symbols[position]));
    cell.element.tabIndex = position === this.#current ? 0 : -1;
    cell.element.ariaSelected = String(position === this.#chosen);
    this.#cells.push(cell);
    this.box.append(cell.element);
  }

  #draw(): void {
    const { levels } = this.#values;
    const began = performance.now();
    let i = this.#from;
    for (; i < this.#symbols.length && (i % AT_ONCE > 0 || performance.now() - began < FRAME_MS); i++) {
      if (i === this.#cells.length) this.#addCell(i);
      this.#cells[i].show(levels[i] ?? 0);
    }
    this.#from = i;
    this.#drawing = i < this.#symbols.length;
    if (this.#drawing) requestAnimationFrame(() => this.#draw());
  }

  #pointed(event: PointerEvent): void {
    const position = positionOf(event.target);
    this.listener.look(position);
    if ((event.buttons & 1) === 0 || this.#anchor === undefined || position === undefined) return;
    if (position !== this.#anchor || this.#phrase) this.#extendTo(position);
  }

  #extendTo(position: number): void {
    const anchor = this.#anchor ?? position;
    this.#mark({ from: Math.min(anchor, position), to: Math.max(anchor, position) + 1 });
  }

  #mark(phrase: Range | undefined): void {
    this.#phrase = phrase;
    for (const [i, { element }] of this.#cells.entries())
      element.classList.toggle('phrase', phrase !== undefined && i >= phrase.from && i < phrase.to);
    this.listener.select(phrase);
  }

  #select(position: number | undefined, selected: boolean): void {
    if (position === undefined) return;
    const cell = this.#cells[position];
    if (cell) cell.element.ariaSelected = String(selected);
  }

  #focused(position: number | undefined): void {
    if (position === undefined) return;
    this.#cells[position].element.setAttribute('aria-description', this.listener.describe(position));
    this.#moveTo(position, false);
    this.listener.look(position);
  }

  #clicked(target: EventTarget | null): void {
    const position = positionOf(target);
    if (position === undefined) return;
    this.#moveTo(position, true);
    this.choose(position, undefined);
  }

  /**
   * Chooses the prediction after a character.
   * @param k index of the guess; undefined for the character that follows
   */
  choose(position: number, k: number | undefined): void {
    const candidate = k === undefined ? undefined : this.#values.likeliest[position]?.[k];
    if (k !== undefined && !candidate) return;
    const last = position === this.#symbols.length - 1;
    const symbol = candidate?.symbol ?? (last ? this.#values.likeliest[position]?.[0]?.symbol : undefined);
    this.listener.choose({ position, ...(symbol === undefined ? {} : { symbol }) });
  }

  #pressed(event: KeyboardEvent): void {
    const position = positionOf(event.target);
    if (position === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    const to = this.#target(event.key, position);
    if (to !== undefined) {
      if (event.shiftKey) this.#anchor ??= position;
      else this.#anchor = undefined;
      this.#moveTo(to, true);
      if (event.shiftKey) this.#extendTo(to);
    } else if (event.key === 'Enter' || event.key === ' ') this.choose(position, undefined);
    else if (event.key === 'Escape') {
      this.listener.choose(undefined);
      this.#anchor = undefined;
      if (this.#phrase) this.#mark(undefined);
    } else if (/^[1-5]$/.test(event.key)) this.choose(position, Number(event.key) - 1);
    else return;
    event.preventDefault();
  }

  /** Returns the position that a key leads to, if any. */
  #target(key: string, position: number): number | undefined {
    const last = this.#cells.length - 1;
    switch (key) {
      case 'ArrowRight':
        return Math.min(last, position + 1);
      case 'ArrowLeft':
        return Math.max(0, position - 1);
      case 'ArrowDown':
        return this.#beside(position, 1);
      case 'ArrowUp':
        return this.#beside(position, -1);
      case 'Home':
        return 0;
      case 'End':
        return last;
      default:
        return undefined;
    }
  }

  /** Returns the nearest cell in the next row above or below. */
  #beside(position: number, direction: 1 | -1): number {
    const place = (i: number): { readonly x: number; readonly y: number } => ({
      x: this.#cells[i].element.offsetLeft,
      y: this.#cells[i].element.offsetTop,
    });
    const { x, y } = place(position);
    let best = position;
    let row: number | undefined;
    for (let i = position + direction; i >= 0 && i < this.#cells.length; i += direction) {
      const at = place(i);
      if (at.y === y) continue;
      if (row !== undefined && at.y !== row) break;
      row = at.y;
      if (best === position || Math.abs(at.x - x) < Math.abs(place(best).x - x)) best = i;
    }
    return best;
  }

  /** Only the cell that was looked at last is in the order of the tab key. */
  #moveTo(position: number, focus: boolean): void {
    const before = this.#cells[this.#current];
    if (before) before.element.tabIndex = -1;
    this.#current = Math.max(0, position);
    const cell = this.#cells[this.#current];
    if (!cell) return;
    cell.element.tabIndex = 0;
    if (focus) cell.element.focus();
  }
}

function positionOf(target: EventTarget | null): number | undefined {
  const cell = target instanceof Element ? target.closest<HTMLElement>('.cell') : null;
  return cell ? Number(cell.dataset.position) : undefined;
}
