import { forwardElements, slopeElements } from '../lib/native.js';

export const forward = forwardElements('sigmoid', 'x');

export const backward = slopeElements('sigmoidSlope');
