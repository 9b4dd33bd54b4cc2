import { defineOp, input, output, saved, scratch, weight } from '../../plan/op.js';

export const convolution = defineOp({
  name: 'convolution',
  about:
    "Two-dimensional convolution with square filters and PyTorch's weights, of images with their channels " +
    'last: y[n,y,x,p] = bias[p] + Σ_{c,u,v} weight[p,c,u,v]·x[n, y·stride+u−padding, x·stride+v−padding, c]. ' +
    'The call gives Y and X: see windowPlaces.',
  tensors: {
    x: input(['N', 'I', 'J', 'C']),
    weight: weight(['P', 'C', 'F', 'F']),
    bias: weight(['P'], { optional: true }),
    y: output(['N', 'Y', 'X', 'P']),
    patches: saved(['N*Y*X', 'C*F*F'], { about: 'the elements of x under each window' }),
    dpatches: scratch(['N*Y*X', 'C*F*F'], { about: 'their gradients' }),
  },
  attributes: {
    /** Places from one window to the next. */
    stride: 1,
    /** Places of zeros around the image. */
    padding: 0,
  },
  accumulates: ['dx', 'dweight', 'dbias'],
  backward: true,
  load: () => import('./implementation.js'),
});
