import type { StripLayout } from './layout-parts.js';
import { r, svg } from './svg.js';
import { isPicture, type NetworkShape, type Step } from './shape.js';

/** Smaller shares of attention are not drawn. */
const SEEN = 0.02;

/**
 * Draws lines from each step to the places that it attends to. The places of a picture glow for the
 * current step.
 */
export function attentionLines(
  { attentionY: at, sourceColumns, columns, picture }: StripLayout,
  { encoder }: NetworkShape,
  steps: readonly Step[],
  current: number,
): SVGElement[] {
  const lines: SVGElement[] = [];
  for (const { step, x } of at ? columns : []) {
    const weights = steps.at(step)?.attention;
    if (!weights || !at) continue;
    const now = step === current;
    for (const column of sourceColumns) {
      const weight = weights[column.step] ?? 0;
      if (picture && now && encoder && isPicture(encoder))
        lines.push(glow(picture, encoder, column.step, weight));
      if (weight < SEEN || (picture && !now)) continue;
      lines.push(
        svg('path', {
          class: now ? 'look now' : 'look',
          'stroke-width': r(Math.max(0.6, weight * 9)),
          d: `M${r(column.x)} ${r(at.from)}L${r(x)} ${r(at.to)}`,
        }),
      );
    }
  }
  return lines;
}

/** Draws a place of a picture, brighter for a larger weight. */
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
