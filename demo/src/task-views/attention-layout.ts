import type { Attention } from '../tasks/view.js';
import { LEAST_WEIGHT, shown } from './words.js';

/** Sizes in pixels of a strip, and of the gap with the lines. */
export const STRIP = { height: 26, gap: 96, least: 21, perCharacter: 8.2, padding: 8 };

/** A symbol in its strip. */
export interface Box {
  readonly x: number;
  readonly width: number;
  readonly text: string;
}

/** A line from an input symbol to an output symbol. */
export interface Line {
  readonly row: number;
  readonly from: number;
  readonly to: number;
  readonly weight: number;
  /** In pixels, proportional to the weight. */
  readonly width: number;
}

/** Two strips and the lines between them. */
export interface AttentionLayout {
  readonly width: number;
  readonly height: number;
  readonly source: readonly Box[];
  readonly output: readonly Box[];
  readonly lines: readonly Line[];
}

/** Width of the widest line in pixels. */
const WIDEST = 9;

/** Places the symbols of a strip from left to right. */
function stripOf(symbols: readonly string[]): Box[] {
  let x = 0;
  return symbols.map((symbol) => {
    const text = shown(symbol);
    const characters = [...text].length;
    const width = Math.max(STRIP.least, Math.ceil(characters * STRIP.perCharacter) + STRIP.padding);
    x += width;
    return { x: x - width, width, text };
  });
}

function widthOf(strip: readonly Box[]): number {
  const last = strip.at(-1);
  return last ? last.x + last.width : 0;
}

/** Places strips and lines: the source above, the output below, the shorter one centred. */
export function layAttention({ source, output, weights }: Attention): AttentionLayout {
  const strips = [stripOf(source), stripOf(output)];
  const width = Math.max(...strips.map(widthOf), 1);
  const [above, below] = strips.map((strip) => {
    const shift = (width - widthOf(strip)) / 2;
    return strip.map((box) => ({ ...box, x: box.x + shift }));
  });
  const middle = ({ x, width: own }: Box): number => x + own / 2;
  const lines = weights.flatMap((row, t) =>
    row.flatMap((weight, s): Line[] =>
      weight < LEAST_WEIGHT || !above[s] || !below[t]
        ? []
        : [{ row: t, from: middle(above[s]), to: middle(below[t]), weight, width: WIDEST * weight }],
    ),
  );
  return { width, height: 2 * STRIP.height + STRIP.gap, source: above, output: below, lines };
}
