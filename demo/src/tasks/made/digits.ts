import { Random, STREAM } from '../../../../src/graph.js';

const ROWS = 7;
const COLUMNS = 5;

/** Glyphs of each digit: seven rows of five pixels, as the bits of a row. */
const GLYPHS: readonly (readonly string[])[] = [
  ['.###. #...# #...# #...# #...# #...# .###.', '.###. #...# #..## #.#.# ##..# #...# .###.'],
  ['..#.. .##.. ..#.. ..#.. ..#.. ..#.. .###.', '..#.. ..#.. ..#.. ..#.. ..#.. ..#.. ..#..'],
  ['.###. #...# ....# ...#. ..#.. .#... #####', '####. ....# ....# .###. #.... #.... #####'],
  ['.###. #...# ....# ..##. ....# #...# .###.', '##### ...#. ..#.. ...#. ....# #...# .###.'],
  ['...#. ..##. .#.#. #..#. ##### ...#. ...#.', '#.... #.... #..#. #..#. ##### ...#. ...#.'],
  ['##### #.... ####. ....# ....# #...# .###.', '##### #.... #.... ####. ....# ....# ####.'],
  ['..##. .#... #.... ####. #...# #...# .###.', '#.... #.... #.... ####. #...# #...# ####.'],
  ['##### ....# ...#. ..#.. .#... .#... .#...', '##### ....# ...#. .###. ..#.. ..#.. ..#..'],
  ['.###. #...# #...# .###. #...# #...# .###.', '.###. #...# .#.#. ..#.. .#.#. #...# .###.'],
  ['.###. #...# #...# .#### ....# ...#. .##..', '.#### #...# #...# .#### ....# ....# ....#'],
];

/** Names of the classes. */
export const DIGITS = GLYPHS.map((_, digit) => String(digit));

/** Rows and columns in addition to the glyph's: it may stand anywhere. */
const ROOM = 1;
/** Rows and columns of a digit. */
const SIZE = { rows: ROWS + ROOM, columns: COLUMNS + ROOM };

/**
 * Returns digits as texts of 8·6 pixels, row by row without line ends, the classes in turn. The same
 * seed returns the same digits.
 */
export function drawnDigits(
  count: number,
  seed: number,
): { readonly digit: string; readonly text: string }[] {
  const random = new Random(seed, STREAM.data);
  return Array.from({ length: count }, (_, i) => {
    const digit = i % GLYPHS.length;
    const ways = GLYPHS[digit];
    const glyph = bitsOf(ways[random.below(ways.length)]);
    const [top, left] = [random.below(ROOM + 1), random.below(ROOM + 1)];
    const bits = Array.from(placed(glyph, top, left), (bit) => (bit === 0 ? WHITE : BLACK));
    return { digit: String(digit), text: bits.join('') };
  });
}

/** Symbols of white and black pixels. */
const [WHITE, BLACK] = ['.', '#'];

/** Columns of a digit as a text. */
export const WRITTEN_COLUMNS = SIZE.columns;

/** Whether a text shows this digit, with at most one wrong pixel. */
export function isDigitText(digit: string, text: string): boolean {
  if (text.length !== SIZE.rows * SIZE.columns) return false;
  const black = [...text].map((symbol) => (symbol === BLACK ? 1 : 0));
  return (GLYPHS[Number(digit)] ?? []).some((way) => {
    for (let top = 0; top <= ROOM; top++)
      for (let left = 0; left <= ROOM; left++) {
        const right = placed(bitsOf(way), top, left);
        if (black.filter((bit, i) => bit !== right[i]).length <= 1) return true;
      }
    return false;
  });
}

/** Places a glyph on a white canvas, row by row. */
function placed(glyph: readonly number[], top: number, left: number): readonly number[] {
  const pixels = new Array<number>(SIZE.rows * SIZE.columns).fill(0);
  for (let r = 0; r < ROWS; r++)
    for (let c = 0; c < COLUMNS; c++) pixels[(top + r) * SIZE.columns + left + c] = glyph[r * COLUMNS + c];
  return pixels;
}

function bitsOf(way: string): number[] {
  return [...way.replaceAll(' ', '')].map((bit) => (bit === '#' ? 1 : 0));
}
