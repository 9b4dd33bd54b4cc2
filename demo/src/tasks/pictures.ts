import type { Shape } from './view.js';

const NAMESPACE = 'http://www.w3.org/2000/svg';
/** Width and height of a box, and the distances between boxes, in pixels. */
const BOX = { width: 9, height: 9, pitch: 14, row: 19 };

/** Which steps have an input and which an output. */
const STEPS: Readonly<
  Record<Shape, { readonly reads: readonly number[]; readonly writes: readonly number[] }>
> = {
  'one-to-one': { reads: [0], writes: [0] },
  'one-to-many': { reads: [0], writes: [0, 1, 2] },
  'many-to-one': { reads: [0, 1, 2], writes: [2] },
  'many-to-many-aligned': { reads: [0, 1, 2], writes: [0, 1, 2] },
  'many-to-many-unequal': { reads: [0, 1, 2], writes: [2, 3, 4] },
};

/**
 * Returns a small picture of a shape, as in Karpathy's post of 2015: inputs below, outputs above,
 * the steps of the network between. It is decorative: its name stands beside it.
 */
export function shapePicture(shape: Shape): SVGSVGElement {
  const { reads, writes } = STEPS[shape];
  const count = Math.max(...reads, ...writes) + 1;
  const width = (count - 1) * BOX.pitch + BOX.width + 2;
  const height = 2 * BOX.row + BOX.height + 2;
  const svg = element('svg', {
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    class: 'shape',
    'aria-hidden': 'true',
  });
  const x = (step: number): number => 1 + step * BOX.pitch;
  const middle = (step: number): number => x(step) + BOX.width / 2;
  const line = (x1: number, y1: number, x2: number, y2: number): SVGElement =>
    element('line', { x1, y1, x2, y2, class: 'arrow' });
  const box = (step: number, row: number, kind: string): SVGElement =>
    element('rect', {
      x: x(step),
      y: 1 + row * BOX.row,
      width: BOX.width,
      height: BOX.height,
      rx: 2,
      class: kind,
    });
  for (let step = 0; step < count; step++) {
    if (step > 0) {
      const y = 1 + BOX.row + BOX.height / 2;
      svg.append(line(x(step - 1) + BOX.width, y, x(step), y));
    }
    svg.append(box(step, 1, 'state'));
  }
  for (const step of reads)
    svg.append(
      line(middle(step), 1 + 2 * BOX.row, middle(step), 1 + BOX.row + BOX.height),
      box(step, 2, 'reads'),
    );
  for (const step of writes)
    svg.append(line(middle(step), 1 + BOX.row, middle(step), 1 + BOX.height), box(step, 0, 'writes'));
  return svg as SVGSVGElement;
}

function element(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
