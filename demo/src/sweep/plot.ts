import type { TrialRecord } from '../../../src/sweep/index.js';
import { svg } from '../drawing/svg.js';

/** A place where a pointer means a trial. */
export interface Hit {
  readonly x: number;
  readonly y: number;
  readonly trial: TrialRecord;
}

/** How a plot shows one trial: the shape that is drawn over all others. */
export type Shape = (trial: TrialRecord) => string;

/** Trials in groups by their rank: a quarter each. */
const GROUPS = 4;
/** How far from a place a pointer may be, in pixels. */
const NEAR = 28;

/** A drawing of all trials, over which one is marked. */
export class Plot {
  readonly element: SVGSVGElement;
  readonly #hits: Hit[] = [];
  readonly #marked = svg('path', { class: 'marked' });
  #shape: Shape = () => '';

  /** @param label the drawing in words */
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
   * Draws all trials, worse ones first, and then the marked one.
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

  /** The trial that a pointer means. @param x in pixels of the drawing */
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

/** A path through places; those that are no numbers are left out. */
export function pathOf(places: readonly (readonly [number, number])[]): string {
  const there = places.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  return there.length === 0 ? '' : `M${there.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}`;
}

/** A dot of radius 3. */
export function dotOf(x: number, y: number): string {
  if (!Number.isFinite(x) || !Number.isFinite(y)) return '';
  return `M${(x - 3).toFixed(1)} ${y.toFixed(1)}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0`;
}
