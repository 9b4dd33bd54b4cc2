import { visible } from './symbols.js';

/** Least width of a column that fits its character. */
const ROOM = 8;
/** Characters shown around the marked one if not all fit, and their width. */
const AROUND = 10;
const WIDTH = 9;

/**
 * Writes the characters above a map, each over its column. If columns are too narrow, it writes
 * those around the marked character, which stays over its column.
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

/** Returns the width of a column for which all characters are visible at once. */
export function columnWidth(room: number, characters: number): number {
  return Math.min(24, room / Math.max(1, characters));
}
