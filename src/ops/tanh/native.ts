import { forwardElements, slopeElements } from '../lib/native.js';

export const forward = forwardElements('tanh', 'x');

export const backward = slopeElements('tanhSlope');
