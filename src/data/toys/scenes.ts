import { onlyKnown, wholeNumber } from '../../core/options.js';
import type { Records } from '../records.js';
import { madeRecords, type ToyOptions } from './options.js';

/** What `scenes` takes. */
export interface ScenesOptions extends ToyOptions {
  /** Rows and columns of the grid. Default 3, so P = 9. */
  readonly side?: number;
  /** Things in every scene. Default 2. */
  readonly things?: number;
}

const COLOURS = ['red', 'green', 'blue'];
const SHAPES = ['circle', 'square', 'star'];

/** F: features of a place of `scenes`. */
export const SCENE_FEATURES = COLOURS.length + SHAPES.length;

/** A made-up picture with its caption. */
export interface Scene {
  /** [P·F]: of each place, row by row, 1 for its colour and 1 for its shape; zeros where it is empty. */
  readonly grid: Float32Array;
  /** `red circle and blue star`: the things in the order of their places. */
  readonly caption: string;
  /** For every word of the caption, the place of the thing that it names; null for `and`. */
  readonly places: readonly (number | null)[];
}

/** Scenes of coloured shapes on a grid. To name a thing, a captioner has to look at its place. */
export function scenes(options: ScenesOptions): Records<Scene> {
  onlyKnown('scenes', options, ['count', 'seed', 'side', 'things']);
  const side = wholeNumber('side', options.side ?? 3);
  const things = wholeNumber('things', options.things ?? 2, 1, side * side);
  return madeRecords(options, (random) => {
    const order = Uint32Array.from({ length: side * side }, (_, place) => place);
    random.shuffle(order);
    const taken = order.slice(0, things).sort();
    const grid = new Float32Array(side * side * SCENE_FEATURES);
    const words: string[] = [];
    const places: (number | null)[] = [];
    for (const [i, place] of taken.entries()) {
      const [colour, shape] = [random.below(COLOURS.length), random.below(SHAPES.length)];
      grid[place * SCENE_FEATURES + colour] = 1;
      grid[place * SCENE_FEATURES + COLOURS.length + shape] = 1;
      words.push(...(i > 0 ? ['and'] : []), COLOURS[colour], SHAPES[shape]);
      places.push(...(i > 0 ? [null] : []), place, place);
    }
    return { grid, caption: words.join(' '), places };
  });
}
