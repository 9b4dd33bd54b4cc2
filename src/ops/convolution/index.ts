import { defineOp, input, output, saved, scratch, weight } from '../../plan/op.js';

/**
 * y[n,y,x,p] = bias[p] + Σ_{c,u,v} weight[p,c,u,v]·x[n, y·stride+u−padding, x·stride+v−padding, c]. The
 * call gives Y and X, which `windowPlaces` computes.
 */
export const convolution = defineOp({
  name: 'convolution',
  about: "Two-dimensional convolution of channels-last images with square filters and PyTorch's weights.",
  tensors: {
    x: input(['N', 'I', 'J', 'C']),
    weight: weight(['P', 'C', 'F', 'F']),
    bias: weight(['P'], { optional: true }),
    y: output(['N', 'Y', 'X', 'P']),
    patches: saved(['N*Y*X', 'C*F*F'], { about: 'the elements of x under each window' }),
    dpatches: scratch(['N*Y*X', 'C*F*F'], { about: 'gradients of patches' }),
  },
  attributes: {
    /** Places between the starts of neighbouring windows. */
    stride: 1,
    /** Places of zeros around the image. */
    padding: 0,
  },
  accumulates: ['dx', 'dweight', 'dbias'],
  backward: true,
  load: () => import('./implementation.js'),
});
