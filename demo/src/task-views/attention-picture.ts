import { svg } from '../drawing/svg.js';
import type { Attention } from '../tasks/view.js';
import { layAttention, STRIP, type Box } from './attention-layout.js';
import { shown } from './words.js';

/** Draws two strips, the source above and the output below, with lines as wide as the weights. */
export function linesPicture(attention: Attention, current: number): SVGElement {
  const { width, height, source, output, lines } = layAttention(attention);
  const picture = pictureOf(width, height);
  const below = STRIP.height + STRIP.gap;
  for (const lit of [false, true])
    for (const { row, from, to, weight, width: wide } of lines)
      if ((row === current) === lit)
        picture.append(
          svg('path', {
            d: `M${from} ${STRIP.height}C${from} ${height / 2} ${to} ${height / 2} ${to} ${below}`,
            class: lit ? 'look lit' : 'look',
            'stroke-width': wide.toFixed(2),
            'stroke-opacity': (lit ? 0.35 + 0.65 * weight : 0.2 * weight + 0.06).toFixed(3),
          }),
        );
  const weights = attention.weights[current] ?? [];
  const most = Math.max(...weights, 0);
  source.forEach((box, s) =>
    picture.append(symbolIn(box, 0, weights[s] >= most / 2 && most > 0 ? 'symbol seen' : 'symbol')),
  );
  output.forEach((box, t) =>
    picture.append(symbolIn(box, below, t === current ? 'symbol current' : 'symbol', t)),
  );
  return picture;
}

/** Pixels of a cell of the matrix. */
const CELL = 19;

/**
 * Draws one row for each output symbol and one column for each input symbol; a larger weight is
 * darker.
 */
export function matrixPicture({ source, output, weights }: Attention, current: number): SVGElement {
  const longest = Math.max(1, ...output.map((symbol) => [...shown(symbol)].length));
  const left = Math.max(CELL, Math.ceil(longest * STRIP.perCharacter) + 6);
  const picture = pictureOf(left + source.length * CELL + 2, (output.length + 1) * CELL + 2);
  source.forEach((symbol, s) =>
    picture.append(svg('text', { x: left + (s + 0.5) * CELL, y: 14, class: 'axis' }, shown(symbol))),
  );
  for (const [t, row] of weights.entries()) {
    const y = (t + 1) * CELL;
    const group = svg('g', { class: t === current ? 'row current' : 'row', 'data-step': t });
    group.append(
      svg('rect', { x: 0, y, width: left + source.length * CELL, height: CELL, class: 'whole' }),
      svg('text', { x: left - 4, y: y + 14, class: 'head' }, shown(output[t])),
      ...row.map((weight, s) =>
        svg('rect', {
          ...{ x: left + s * CELL + 0.5, y: y + 0.5, width: CELL - 1, height: CELL - 1 },
          class: 'weight',
          'fill-opacity': weight.toFixed(3),
        }),
      ),
    );
    picture.append(group);
  }
  return picture;
}

function pictureOf(width: number, height: number): SVGElement {
  return svg('svg', { width, height, viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' });
}

/** Draws a symbol in its box. @param step its index, if it can be chosen */
function symbolIn({ x, width, text }: Box, y: number, name: string, step?: number): SVGElement {
  const group = svg('g', { class: name, ...(step === undefined ? {} : { 'data-step': step }) });
  group.append(
    svg('rect', { x: x + 1, y: y + 1, width: width - 2, height: STRIP.height - 2, rx: 3 }),
    svg('text', { x: x + width / 2, y: y + 18 }, text),
  );
  return group;
}
