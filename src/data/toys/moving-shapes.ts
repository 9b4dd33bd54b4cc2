import { numberAbove, onlyKnown, wholeNumber } from '../../core/options.js';
import { between, pick } from '../../text/synthetic/language.js';
import type { Records } from '../records.js';
import { madeRecords, type ToyOptions } from './options.js';

/** Options of `movingShapes`. */
export interface MovingShapesOptions extends ToyOptions {
  /** T: number of frames. Default 16. */
  readonly time?: number;
  /** Number of rows and of columns of a frame, at least 8. Default 10. */
  readonly side?: number;
  /** Standard deviation of the noise of every pixel. A shape has the level 1. Default 0.1. */
  readonly noise?: number;
}

/** By move: the rows and columns that it adds from frame to frame. */
const MOVES = { rest: [0, 0], left: [0, -1], right: [0, 1], up: [-1, 0], down: [1, 0] } as const;
type Move = keyof typeof MOVES;

/** The tags of `movingShapes`, for `labels`. */
export const MOVE_TAGS = Object.keys(MOVES) as readonly Move[];

/** The shapes as three rows of three pixels. */
const SHAPES = ['111101111', '010111010', '101010101', '111010010'] as const;
const SHAPE_SIDE = 3;

/** Range of the number of frames with the same move. */
const STRETCH = { least: 2, most: 5 };

/**
 * Films of one shape that rests, or moves by a pixel from frame to frame and turns sometimes.
 * - `frames` `[T·side·side]`: pixels row by row, in hundredths
 * - `tags`: for each frame the next move: rest, left, right, up or down; for the last frame the
 *   previous move. Neither the frame nor the frames before it show the next move.
 */
export function movingShapes(
  options: MovingShapesOptions,
): Records<{ frames: Float32Array; tags: string[] }> {
  onlyKnown('movingShapes', options, ['count', 'seed', 'time', 'side', 'noise']);
  const time = wholeNumber('time', options.time ?? 16, 2);
  const side = wholeNumber('side', options.side ?? 10, 8);
  const noise = numberAbove('noise', options.noise ?? 0.1, 0, true);
  const most = side - SHAPE_SIDE;
  return madeRecords(options, (random) => {
    const shape = pick(random, SHAPES);
    const frames = new Float32Array(time * side * side);
    const tags: Move[] = [];
    let [row, column] = [between(random, 0, most), between(random, 0, most)];
    let [move, left]: [Move, number] = ['rest', 0];
    const stays = (name: Move, steps: number): boolean =>
      [row + steps * MOVES[name][0], column + steps * MOVES[name][1]].every((at) => at >= 0 && at <= most);
    for (let t = 0; t < time; t++) {
      if (left === 0 && t < time - 1) {
        const length = between(random, STRETCH.least, STRETCH.most);
        const ways = MOVE_TAGS.filter((name) => stays(name, length));
        const others = ways.filter((name) => t === 0 || name !== move);
        move = pick(random, others.length > 0 ? others : ways);
        left = length;
      }
      const start = t * side * side;
      for (let i = 0; i < shape.length; i++)
        frames[start + (row + Math.floor(i / SHAPE_SIDE)) * side + column + (i % SHAPE_SIDE)] = Number(
          shape[i],
        );
      for (let i = start; i < start + side * side; i++)
        frames[i] = Math.round(100 * (frames[i] + noise * random.normal())) / 100;
      tags.push(move);
      row += MOVES[move][0];
      column += MOVES[move][1];
      left--;
    }
    return { frames, tags };
  });
}
