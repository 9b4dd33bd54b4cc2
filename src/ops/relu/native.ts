import { forwardElements, slopeElements } from '../lib/native.js';

export const forward = forwardElements('relu', 'x');

export const backward = slopeElements('reluSlope');
