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

/** A digit as pixels from 0 to 1, row by row. */
export interface DrawnDigit {
  readonly digit: string;
  readonly rows: number;
  readonly columns: number;
  readonly pixels: Float32Array;
}

/** The canvas of a glyph, and how much it is distorted. */
interface Canvas {
  /** Rows and columns in addition to the glyph's. */
  readonly room: number;
  /** Probability that a pixel is flipped. */
  readonly faults: number;
  /** Standard deviation of the noise of every pixel. */
  readonly noise: number;
}

/** Digits to read row by row: placed anywhere on 9·7 pixels, with noise. */
export const TO_READ: Canvas = { room: 2, faults: 0.03, noise: 0.12 };
/**
 * Digits to write pixel by pixel: placed anywhere on 8·6 pixels, black and white, without noise.
 */
export const TO_WRITE: Canvas = { room: 1, faults: 0, noise: 0 };

/** Returns drawn digits, the classes in turn. The same seed returns the same digits. */
export function drawnDigits(count: number, seed: number, canvas: Canvas): DrawnDigit[] {
  const random = new Random(seed, STREAM.data);
  const { room, faults, noise } = canvas;
  const [rows, columns] = [ROWS + room, COLUMNS + room];
  return Array.from({ length: count }, (_, i) => {
    const digit = i % GLYPHS.length;
    const ways = GLYPHS[digit];
    const glyph = bitsOf(ways[random.below(ways.length)]);
    const [top, left] = [random.below(room + 1), random.below(room + 1)];
    const pixels = placed(glyph, { rows, columns }, top, left);
    if (faults > 0 || noise > 0)
      for (let p = 0; p < pixels.length; p++) {
        const value = random.uniform() < faults ? 1 - pixels[p] : pixels[p];
        pixels[p] = Math.min(1, Math.max(0, value + noise * random.normal()));
      }
    return { digit: String(digit), rows, columns, pixels };
  });
}

/** Symbols of white and black pixels. */
const [WHITE, BLACK] = ['.', '#'];

/** Returns a picture of `TO_WRITE` as a text: its rows without line ends. */
export function pixelsAsText({ pixels }: Pick<DrawnDigit, 'pixels'>): string {
  return Array.from(pixels, (value) => (value < 0.5 ? WHITE : BLACK)).join('');
}

/** Columns of a text of `pixelsAsText`. */
export const WRITTEN_COLUMNS = COLUMNS + TO_WRITE.room;

/** Whether a text shows this digit, with at most one wrong pixel. */
export function isDigitText(digit: string, text: string): boolean {
  const { room } = TO_WRITE;
  if (text.length !== (ROWS + room) * WRITTEN_COLUMNS) return false;
  const black = [...text].map((symbol) => (symbol === BLACK ? 1 : 0));
  return (GLYPHS[Number(digit)] ?? []).some((way) => {
    for (let top = 0; top <= room; top++)
      for (let left = 0; left <= room; left++) {
        const right = placed(bitsOf(way), { rows: ROWS + room, columns: WRITTEN_COLUMNS }, top, left);
        if (black.filter((bit, i) => bit !== right[i]).length <= 1) return true;
      }
    return false;
  });
}

/** Places a glyph on a white canvas, row by row. */
function placed(
  glyph: readonly number[],
  { rows, columns }: { readonly rows: number; readonly columns: number },
  top: number,
  left: number,
): Float32Array {
  const pixels = new Float32Array(rows * columns);
  for (let r = 0; r < ROWS; r++)
    for (let c = 0; c < COLUMNS; c++) pixels[(top + r) * columns + left + c] = glyph[r * COLUMNS + c];
  return pixels;
}

function bitsOf(way: string): number[] {
  return [...way.replaceAll(' ', '')].map((bit) => (bit === '#' ? 1 : 0));
}
