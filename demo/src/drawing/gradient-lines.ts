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

  /** @param strips what there is of each part; where a norm is not known its arrow is not there */
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

/** An arrow that is filled, as wide as it says; a line where it is 0. */
function gradientPath({ x1, x2, y }: GradientArrow, width: number): string {
  if (width === 0) return `M${r(x1)} ${r(y)}H${r(x2)}`;
  const [head, half] = [r(x2 + Math.sign(x1 - x2) * Math.min(6, Math.abs(x1 - x2) / 2)), r(width / 2)];
  return (
    `M${r(x1)} ${r(y - half)}H${head}V${r(y - half - 2.5)}L${r(x2)} ${r(y)}L${head} ${r(y + half + 2.5)}` +
    `V${r(y + half)}H${r(x1)}z`
  );
}

/**
 * Width of a gradient's arrow in pixels: 10 for the largest that is shown, two less for each power
 * of ten below it. What is smaller than a ten-thousandth is 0, and drawn as dots.
 */
export function gradientWidth(norm: number, largest: number): number {
  if (!(norm > 0) || !(largest > 0)) return 0;
  const width = 10 + 2 * Math.log10(norm / largest);
  return width < 2 ? 0 : Math.min(10, width);
}
