import { defineOp, input, output, saved } from '../../plan/op.js';

/**
 * Windows have size by size places. Places outside the image do not count. The call gives Y and X, which
 * `windowPlaces` computes.
 */
export const maxPool = defineOp({
  name: 'max_pool',
  about: 'The largest element under each window of each channel of channels-last images.',
  tensors: {
    x: input(['N', 'I', 'J', 'C']),
    y: output(['N', 'Y', 'X', 'C']),
    place: saved(['N', 'Y', 'X', 'C'], { dtype: 'u32', about: 'i·J + j of the largest element' }),
  },
  attributes: {
    /** Side of a window. */
    size: 2,
    /** Places between the starts of neighbouring windows. */
    stride: 2,
    /** Places around the image that windows may reach into; less than `size`. */
    padding: 0,
  },
  accumulates: ['dx'],
  backward: true,
  load: () => import('./implementation.js'),
});
