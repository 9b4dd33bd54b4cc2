import type { GradientArrow, Part } from './layout-parts.js';
import { r, set, svg } from './svg.js';
import type { Strip } from './shape.js';

/** The arrows of gradients from step to step, each as wide as its norm. */
export class GradientLines {
  readonly #lines: readonly { readonly arrow: GradientArrow; readonly line: SVGPathElement }[];

  constructor(arrows: readonly GradientArrow[]) {
    this.#lines = arrows.map((arrow) => ({ arrow, line: svg('path', { class: 'gradient' }) }));
  }

  get elements(): readonly SVGPathElement[] {
    return this.#lines.map(({ line }) => line);
  }

  /** @param strips the strip of each part; an arrow is hidden if its norm is not known */
  show(strips: Readonly<Record<Part, Strip | undefined>>): void {
    const norms = this.#lines.map(
      ({ arrow: { part, layer, direction, step, state } }) =>
        strips[part]?.states.at(layer)?.[direction]?.at(step)?.gradients?.[state],
    );
    const largest = Math.max(0, ...norms.map((one) => (one !== undefined && Number.isFinite(one) ? one : 0)));
    for (const [i, { arrow, line }] of this.#lines.entries()) {
      const one = norms[i];
      line.style.display = one === undefined ? 'none' : '';
      if (one === undefined) continue;
      const width = gradientWidth(one, largest);
      set(line, 'class', width === 0 ? 'gradient vanished' : 'gradient');
      set(line, 'd', gradientPath(arrow, width));
    }
  }
}

/** Returns a filled arrow of this width, or a line for width 0. */
function gradientPath({ x1, x2, y }: GradientArrow, width: number): string {
  if (width === 0) return `M${r(x1)} ${r(y)}H${r(x2)}`;
  const [head, half] = [r(x2 + Math.sign(x1 - x2) * Math.min(6, Math.abs(x1 - x2) / 2)), r(width / 2)];
  return (
    `M${r(x1)} ${r(y - half)}H${head}V${r(y - half - 2.5)}L${r(x2)} ${r(y)}L${head} ${r(y + half + 2.5)}` +
    `V${r(y + half)}H${r(x1)}z`
  );
}

/**
 * Returns the width of a gradient's arrow in pixels: 10 for the largest shown, two less for each
 * power of ten below it. Below a ten-thousandth it is 0, which is drawn as dots.
 */
export function gradientWidth(norm: number, largest: number): number {
  if (!(norm > 0) || !(largest > 0)) return 0;
  const width = 10 + 2 * Math.log10(norm / largest);
  return width < 2 ? 0 : Math.min(10, width);
}
