import { OptionError, ShapeError } from '../../core/errors.js';
import type { Dims } from '../../core/notation.js';
import type { Attributes } from '../../plan/planner.js';

/** How a square window of F by F places moves over an image of I by J places. */
export interface ImageWindow {
  readonly stride: number;
  readonly padding: number;
}

/**
 * Number of positions of a window along one side of an image:
 * ⌊(length + 2·padding − size) / stride⌋ + 1.
 * @throws ShapeError where the window is larger than the padded image
 */
export function windowPlaces(length: number, size: number, { stride, padding }: ImageWindow): number {
  const places = Math.floor((length + 2 * padding - size) / stride) + 1;
  if (places < 1)
    throw new ShapeError(
      `A window of ${size} places does not fit in ${length} with a padding of ${padding}: choose a larger ` +
        'image, a smaller window or more padding.',
    );
  return places;
}

/**
 * Checks the attributes of a call and the size [Y,X] of its result, and returns the window.
 * @throws OptionError for a stride or padding out of range, ShapeError for a wrong [Y,X]
 */
export function checkedImageWindow(op: string, { I, J, F, Y, X }: Dims, attributes: Attributes): ImageWindow {
  const [stride, padding] = [Number(attributes.stride), Number(attributes.padding)];
  if (!Number.isInteger(stride) || stride < 1)
    throw new OptionError(`${op}.stride`, attributes.stride, 'a whole number from 1');
  if (!Number.isInteger(padding) || padding < 0 || padding >= F)
    throw new OptionError(`${op}.padding`, attributes.padding, `a whole number from 0 to ${F - 1}`);
  const expected = [I, J].map((length) => windowPlaces(length, F, { stride, padding }));
  if (expected[0] !== Y || expected[1] !== X)
    throw new ShapeError(
      `${op}: an image of ${I} by ${J}, windows of ${F}, stride ${stride} and padding ${padding} give ` +
        `[Y,X] = [${expected.join(',')}], but the call has [${Y},${X}].`,
    );
  return { stride, padding };
}
