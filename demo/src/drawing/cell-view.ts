import { signed } from '../inside/symbols.js';
import { formulaOf } from './cell-words.js';
import type { UnitGrid } from './layout-parts.js';
import { unitGrid } from './stack-layout.js';
import { r, svg } from './svg.js';
import type { CellMoment } from './places.js';
import { levelClass, LEVELS, unitPaths } from './units.js';
import { valuesOf, wiringOf, type Valve, type Wiring } from './wiring.js';
import { wordsOf } from '../words/parts.js';

const { cell: words } = await wordsOf('drawing');

/** Heights in pixels of the belt, of the row of products, of the gates, and of the inputs. */
const BELT = 58;
const MEET = 116;
const GATES = 158;
const BUS = 250;
const LOW_BUS = 276;
const PLAIN = 170;
const MOST_WIDTH = 760;
const VALVE = 13;
const GRID = 40;

/** How a cell is shown. */
export interface CellSight {
  /** Index of the unit whose numbers are shown. */
  readonly unit: number;
  /** The input of the cell in a few characters. */
  readonly reads: string;
  /** Whether its gates depend on the previous state. */
  readonly sees: boolean;
  /** Largest width in pixels. */
  readonly room: number;
}

/**
 * One cell at one step: its gates as valves on the lines of its states, with all units as squares
 * and one in numbers.
 */
export class CellView {
  readonly element = svg('svg', { class: 'cell-zoom', 'aria-hidden': 'true' });

  show(moment: CellMoment, { unit, reads, sees, room }: CellSight): void {
    const width = Math.min(room, MOST_WIDTH);
    const { element } = this;
    const wiring = wiringOf(moment.after.activations);
    const height = wiring ? (wiring.out ? LOW_BUS : BUS) + 46 : PLAIN;
    element.setAttribute('viewBox', `0 0 ${r(width)} ${height}`);
    element.setAttribute('width', String(r(width)));
    element.setAttribute('height', String(height));
    const pen = new Pen(moment, unit, width, sees);
    if (wiring) pen.gated(wiring, reads);
    else pen.plain(reads);
    element.replaceChildren(...pen.parts);
  }
}

/** Draws one cell. */
class Pen {
  readonly parts: SVGElement[] = [];
  readonly #grid: UnitGrid;
  readonly #values: Readonly<Record<string, number>>;

  constructor(
    readonly moment: CellMoment,
    readonly unit: number,
    readonly width: number,
    readonly sees: boolean,
  ) {
    const { activations } = moment.after;
    this.#grid = unitGrid(activations.h.length, GRID);
    this.#values = valuesOf(activations, unit);
  }

  gated(wiring: Wiring, reads: string): void {
    const { belt, keep, enter, candidate, out, reset } = wiring;
    const { width } = this;
    const { activations } = this.moment.after;
    const edge = GRID / 2 + 8;
    const at = (share: number): number => 2 * edge + (width - 4 * edge) * share;
    const [xKeep, xEnter, xCandidate, xOut] = out
      ? [at(0.06), at(0.34), at(0.63), at(0.96)]
      : keep.gate && enter.gate
        ? [at(0.14), at(0.45), at(0.78), 0]
        : [at(0.22), at(0.22), at(0.75), 0];
    const bus = out ? LOW_BUS : BUS;
    this.#line(`M${r(edge)} ${BELT}H${r(width - edge)}`, 'belt');
    this.#line(`M${r(xKeep)} ${GATES}V${BELT + VALVE}`);
    this.#line(`M${r(xEnter)} ${GATES}V${MEET}H${r(xCandidate)}M${r(xCandidate)} ${GATES}V${BELT + 10}`);
    // The input, and the previous state if the gates depend on it, lead to all gates.
    const xReads = edge + 34;
    const [first, last] = [out || this.sees ? edge : Math.min(xReads, xKeep), out ? xOut : xCandidate];
    this.#line(`M${r(first)} ${bus}H${r(last)}`);
    if (this.sees && !out) this.#line(`M${r(edge)} ${BELT + GRID / 2 + 18}V${bus}`);
    this.#line(`M${r(xReads)} ${bus + 22}V${bus}m-3 4l3 -4l3 4`);
    for (const x of new Set([xKeep, xEnter, xCandidate, ...(out ? [xOut] : [])]))
      this.#line(`M${r(x)} ${bus}V${GATES + GRID + 32}m-3 4l3 -4l3 4`);
    this.#valve(keep, xKeep, BELT);
    this.#sign('+', xCandidate, BELT);
    this.#valve(enter, xCandidate, MEET);
    for (const [name, x] of new Map([
      [keep.gate ?? enter.gate, xKeep],
      [enter.gate ?? keep.gate, xEnter],
    ]))
      this.#gate(name, x);
    this.#gate(candidate.name, xCandidate, candidate.label);
    if (reset) this.#valve(reset, (xKeep + xCandidate) / 2, bus);
    if (out) {
      this.#line(
        `M${r(xOut)} ${GATES}V${MEET + VALVE}M${r(xOut)} ${BELT}V${MEET - VALVE}` +
          `M${r(xOut + VALVE)} ${MEET}H${r(width - edge)}V${bus}`,
      );
      this.#words('tanh', xOut - 4, (BELT + MEET) / 2 + 2, 'end');
      this.#valve(out, xOut, MEET);
      this.#gate(out.gate, xOut);
    }
    this.#state(words.before(belt), this.moment.before?.[belt], edge, BELT);
    this.#state(belt, activations[belt], width - edge, BELT);
    if (out) {
      this.#state('h before', this.moment.before?.h, edge, bus);
      this.#state('h', activations.h, width - edge, bus);
    }
    this.#words(words.reads(reads), xReads - (out ? 6 : 12), bus + 38, 'start');
    this.#words(formulaOf(wiring), width / 2, 14);
  }

  plain(reads: string): void {
    const { width } = this;
    const edge = GRID / 2 + 8;
    const [x, y] = [width / 2, PLAIN - 80];
    this.#line(`M${r(edge)} ${y}H${r(width - edge)}M${r(x - 26)} ${PLAIN - 26}V${y + 11}m-3 4l3 -4l3 4`);
    this.#sign('Σ', x - 26, y);
    this.#sign('f', x + 26, y);
    this.#state('h before', this.moment.before?.h, edge, y);
    this.#state('h', this.moment.after.activations.h, width - edge, y);
    this.#words(words.reads(reads), x - 26, PLAIN - 10);
    this.#words(words.formula, width / 2, 14);
  }

  #line(d: string, kind = ''): void {
    this.parts.push(svg('path', { class: `arrow ${kind}`, d }));
  }

  #words(text: string, x: number, y: number, anchor: 'middle' | 'start' | 'end' = 'middle'): void {
    this.parts.push(svg('text', { x: r(x), y: r(y), class: anchor }, text));
  }

  #sign(text: string, x: number, y: number): void {
    this.parts.push(
      svg('circle', { class: 'knot', cx: r(x), cy: y, r: 10 }),
      svg('text', { x: r(x), y: y + 5 }, text),
    );
  }

  /** Draws a gate of the chosen unit: a disc that is filled as far as the gate is open. */
  #valve(valve: Valve, x: number, y: number): void {
    const open = Math.max(0, Math.min(1, valve.opening(this.#values) || 0));
    const [half, level] = [VALVE - 2, (1 - 2 * open) * (VALVE - 2)];
    const reach = Math.sqrt(Math.max(0, half * half - level * level));
    this.parts.push(
      svg('circle', { class: 'knot', cx: r(x), cy: y, r: VALVE }),
      svg('path', {
        class: 'filled',
        d:
          open === 0
            ? ''
            : `M${r(x - reach)} ${r(y + level)}A${half} ${half} 0 ${open > 0.5 ? 1 : 0} 0 ${r(x + reach)} ${r(y + level)}z`,
      }),
      svg(
        'text',
        { class: 'start', x: r(x + VALVE + 2), y: y - 8 },
        `${valve.label === valve.gate && valve.label !== 'r' ? '×' : `${valve.label} `}${signed(open)}`,
      ),
    );
  }

  /** Draws all units of a gate or a candidate, with the number of the chosen one. */
  #gate(name: string | undefined, x: number, label = name): void {
    const values = name === undefined ? undefined : this.moment.after.activations[name];
    if (name === undefined || !values) return;
    this.#units(values, x, GATES, name !== 'g' && name !== 'n' && name !== 'candidate');
    this.#words(`${label ?? name} ${signed(this.#values[name])}`, x, GATES + GRID + 26);
  }

  #state(label: string, values: ArrayLike<number> | undefined, x: number, middle: number): void {
    const top = middle - GRID / 2;
    if (values) this.#units(values, x, top, false);
    else this.#words('?', x, middle + 4);
    this.#words(values ? signed(values[this.unit]) : '', x, top + GRID + 14);
    this.#words(label, x, top - 7);
  }

  #units(values: ArrayLike<number>, centre: number, top: number, isGate: boolean): void {
    const { columns, size, shown } = this.#grid;
    const rows = Math.ceil(shown / columns);
    const scale = Math.min(1, GRID / (rows * size));
    const grid = { shown, columns, size: size * scale };
    const [w, h] = [columns * grid.size, rows * grid.size];
    const [x, y] = [centre - w / 2, top + (GRID - h) / 2];
    this.parts.push(
      svg('rect', { class: 'box', x: r(x - 1), y: r(y - 1), width: r(w + 2), height: r(h + 2) }),
    );
    let full = 1;
    for (let i = 0; i < shown; i++) full = Math.max(full, Math.abs(values[i]));
    for (const [i, d] of unitPaths(values, grid, x, y, full).entries())
      if (d !== '')
        this.parts.push(
          svg('path', { class: isGate ? `open ${levelClass(i - LEVELS)}` : levelClass(i - LEVELS), d }),
        );
    if (this.unit >= shown) return;
    this.parts.push(
      svg('rect', {
        class: 'chosen',
        x: r(x + (this.unit % columns) * grid.size),
        y: r(y + Math.floor(this.unit / columns) * grid.size),
        width: r(grid.size),
        height: r(grid.size),
      }),
    );
  }
}
