import { visible } from './symbols.js';

/** Least width of a column that has room for its character. */
const ROOM = 8;
/** Characters around the marked one that are shown where there is no room for all, and their width. */
const AROUND = 10;
const WIDTH = 9;

/**
 * Writes the characters above a map, each over its column. Where columns are too narrow, those
 * around the marked one are written, with the marked one over its column.
 * @param column width of a column in pixels
 */
export function drawTextLine(
  context: CanvasRenderingContext2D,
  symbols: readonly string[],
  column: number,
  marked: number | undefined,
  y: number,
): void {
  context.textAlign = 'center';
  if (column >= ROOM) {
    for (const [t, symbol] of symbols.entries())
      context.fillText(visible(symbol), (t + 0.5) * column, y, column + 3);
    return;
  }
  if (marked === undefined) return;
  const end = column * symbols.length;
  const middle = Math.max(AROUND * WIDTH, Math.min(end - AROUND * WIDTH, (marked + 0.5) * column));
  for (let by = -AROUND; by <= AROUND; by++) {
    const symbol = symbols.at(marked + by);
    if (symbol === undefined || marked + by < 0) continue;
    context.globalAlpha = by === 0 ? 1 : 0.75;
    context.font = context.font.replace(/^(bold )?/, by === 0 ? 'bold ' : '');
    context.fillText(visible(symbol), middle + by * WIDTH, y);
  }
  context.globalAlpha = 1;
}

/** Width of a column where all characters are to be seen at once. */
export function columnWidth(room: number, characters: number): number {
  return Math.min(24, room / Math.max(1, characters));
}
