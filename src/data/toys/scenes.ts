import { onlyKnown, wholeNumber } from '../../core/options.js';
import type { Records } from '../records.js';
import { madeRecords, type ToyOptions } from './options.js';

/** Options of `scenes`. */
export interface ScenesOptions extends ToyOptions {
  /** Number of rows and of columns of the grid. Default 3, so P = 9. */
  readonly side?: number;
  /** Number of things in a scene. Default 2. */
  readonly things?: number;
  /** Number of rows and of columns of pixels for a place in `image`, from 3 to 32. Default 5. */
  readonly pixels?: number;
}

const COLOURS = ['red', 'green', 'blue'];
const SHAPES = ['circle', 'square', 'star'] as const;

/** Number of channels of a pixel: red, green, blue. A thing uses one of them. */
export const SCENE_CHANNELS = COLOURS.length;

/** F: features of a place of `scenes`. */
export const SCENE_FEATURES = COLOURS.length + SHAPES.length;

/** A made-up picture with its caption. */
export interface Scene {
  /**
   * `[P·F]`: for each place, row by row, 1 for its colour and 1 for its shape. Zeros if it is
   * empty.
   */
  readonly grid: Float32Array;
  /** `[side·pixels, side·pixels, 3]`: the scene as red, green and blue from 0 to 1, row by row. */
  readonly image: Float32Array;
  /** The things in the order of their places: `red circle and blue star`. */
  readonly caption: string;
  /** For each word of the caption the place of its thing. Null for `and`. */
  readonly places: readonly (number | null)[];
}

/**
 * Scenes of coloured shapes on a grid. A captioner must attend to the place of a thing to name it.
 */
export function scenes(options: ScenesOptions): Records<Scene> {
  onlyKnown('scenes', options, ['count', 'seed', 'side', 'things', 'pixels']);
  const side = wholeNumber('side', options.side ?? 3);
  const things = wholeNumber('things', options.things ?? 2, 1, side * side);
  const pixels = wholeNumber('pixels', options.pixels ?? 5, 3, 32);
  return madeRecords(options, (random) => {
    const order = Uint32Array.from({ length: side * side }, (_, place) => place);
    random.shuffle(order);
    const taken = order.slice(0, things).sort();
    const grid = new Float32Array(side * side * SCENE_FEATURES);
    const image = new Float32Array((side * pixels) ** 2 * SCENE_CHANNELS);
    const words: string[] = [];
    const places: (number | null)[] = [];
    for (const [i, place] of taken.entries()) {
      const [colour, shape] = [random.below(COLOURS.length), random.below(SHAPES.length)];
      grid[place * SCENE_FEATURES + colour] = 1;
      grid[place * SCENE_FEATURES + COLOURS.length + shape] = 1;
      draw(image, { place, side, pixels }, SHAPES[shape], colour);
      words.push(...(i > 0 ? ['and'] : []), COLOURS[colour], SHAPES[shape]);
      places.push(...(i > 0 ? [null] : []), place, place);
    }
    return { grid, image, caption: words.join(' '), places };
  });
}

/**
 * Whether a shape covers a pixel. `y` and `x`: offset from the middle of the place, from -1 to 1.
 */
const INSIDE: Readonly<Record<(typeof SHAPES)[number], (y: number, x: number) => boolean>> = {
  circle: (y, x) => y * y + x * x <= 1,
  square: (y, x) => Math.max(Math.abs(y), Math.abs(x)) === 1,
  star: (y, x) => Math.abs(y * x) < 0.05 || Math.abs(y) === Math.abs(x),
};

/** Paints a shape into the pixels of its place. */
function draw(
  image: Float32Array,
  { place, side, pixels }: { readonly place: number; readonly side: number; readonly pixels: number },
  shape: (typeof SHAPES)[number],
  colour: number,
): void {
  const width = side * pixels;
  const [top, left] = [Math.floor(place / side) * pixels, (place % side) * pixels];
  const fromMiddle = (i: number): number => (2 * i) / (pixels - 1) - 1;
  for (let i = 0; i < pixels; i++)
    for (let j = 0; j < pixels; j++)
      if (INSIDE[shape](fromMiddle(i), fromMiddle(j)))
        image[((top + i) * width + left + j) * SCENE_CHANNELS + colour] = 1;
}
