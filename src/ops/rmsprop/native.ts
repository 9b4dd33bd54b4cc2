import { nativeUpdate } from '../lib/native.js';

export const forward = nativeUpdate('rmsprop_update', ['square'], (attributes) => [
  Number(attributes.decay),
  1 - Number(attributes.decay),
  Number(attributes.epsilon),
  Number(attributes.weightDecay),
  Number(attributes.clipValue),
]);
