import type { TrialRecord } from '../../../src/sweep/index.js';
import { svg } from '../drawing/svg.js';

/** A place in the drawing that belongs to a trial. */
export interface Hit {
  readonly x: number;
  readonly y: number;
  readonly trial: TrialRecord;
}

/** Returns the path of one trial's shape. */
export type Shape = (trial: TrialRecord) => string;

/** Trials are drawn in quarters by rank. */
const GROUPS = 4;
/** Largest distance in pixels between pointer and trial. */
const NEAR = 28;

/** A drawing of all trials, with one marked above them. */
export class Plot {
  readonly element: SVGSVGElement;
  readonly #hits: Hit[] = [];
  readonly #marked = svg('path', { class: 'marked' });
  #shape: Shape = () => '';

  /** @param label describes the drawing in words */
  constructor(
    readonly width: number,
    readonly height: number,
    label: string,
  ) {
    this.element = svg('svg', {
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': label,
    });
  }

  add(...elements: readonly SVGElement[]): void {
    this.element.append(...elements);
  }

  text(
    x: number,
    y: number,
    text: string,
    anchor: 'start' | 'middle' | 'end' = 'start',
    name = 'tick',
  ): void {
    this.add(svg('text', { x, y, 'text-anchor': anchor, class: name }, text));
  }

  /**
   * Draws all trials, the worst first, and then the marked one.
   * @param kind class of the shapes: lines or dots
   */
  draw(trials: readonly TrialRecord[], shape: Shape, kind: 'line' | 'dot'): void {
    this.#shape = shape;
    for (let group = GROUPS - 1; group >= 0; group--) {
      const from = Math.floor((group * trials.length) / GROUPS);
      const to = Math.floor(((group + 1) * trials.length) / GROUPS);
      const d = trials.slice(from, to).map(shape).join('');
      this.add(svg('path', { class: `${kind} rank-${group}`, d }));
    }
    this.#marked.classList.add(kind);
    this.add(this.#marked);
  }

  hit(x: number, y: number, trial: TrialRecord): void {
    if (Number.isFinite(x) && Number.isFinite(y)) this.#hits.push({ x, y, trial });
  }

  mark(trial: TrialRecord | undefined): void {
    this.#marked.setAttribute('d', trial === undefined ? '' : this.#shape(trial));
  }

  /** Returns the trial nearest to the pointer. @param x in pixels of the drawing */
  at(x: number, y: number): TrialRecord | undefined {
    let best: { readonly hit: Hit | undefined; readonly distance: number } = {
      hit: undefined,
      distance: NEAR,
    };
    for (const hit of this.#hits) {
      const distance = Math.hypot(hit.x - x, hit.y - y);
      if (distance < best.distance) best = { hit, distance };
    }
    return best.hit?.trial;
  }
}

/** Returns an SVG path through places; places that are not finite are left out. */
export function pathOf(places: readonly (readonly [number, number])[]): string {
  const there = places.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  return there.length === 0 ? '' : `M${there.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}`;
}

/** Returns the SVG path of a dot of radius 3. */
export function dotOf(x: number, y: number): string {
  if (!Number.isFinite(x) || !Number.isFinite(y)) return '';
  return `M${(x - 3).toFixed(1)} ${y.toFixed(1)}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0`;
}
